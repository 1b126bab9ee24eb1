#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weft/runtime/where.h"

namespace weft::runtime {

/// One thread's direct-mapped cache of call sites → string ids in the trace. A hit costs a
/// comparison; a conflict evicts.
class CallSites {
 public:
  /// Returns the string id; calls `intern(text)` on a miss. 0 for an unknown call site.
  template <class Intern>
  std::uint32_t id(const Where& where, Intern intern) {
    const std::uint32_t line = where.line();
    if (line == 0) return 0;
    // The name is a literal, so a recurring call site has the same pointer.
    const char* const file = where.file_name();
    Entry& entry = entries_[entry_of(file, line)];
    if (entry.file != file || entry.line != line) [[unlikely]] {
      entry = {file, line, intern(place_of(where))};
    }
    return entry.id;
  }

 private:
  static constexpr std::size_t kEntries = 64;

  struct Entry {
    const char* file = nullptr;
    std::uint32_t line = 0;
    std::uint32_t id = 0;
  };

  static std::size_t entry_of(const char* file, std::uint32_t line) noexcept {
    return (reinterpret_cast<std::uintptr_t>(file) / 16 + line) % kEntries;
  }

  std::array<Entry, kEntries> entries_;
};

}  // namespace weft::runtime
