#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weft/runtime/where.h"

namespace weft::runtime {

/// The string ids in the trace of the places in the source that one thread's records have named. A place
/// that comes again costs a comparison, unless another one took its entry meanwhile.
class CallSites {
 public:
  /// Calls `intern(text)` for a place that is not here. 0 for a place that is unknown.
  template <class Intern>
  std::uint32_t id(const Where& where, Intern intern) {
    const std::uint32_t line = where.line();
    if (line == 0) return 0;
    // Of a place that comes again the name is the same literal.
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
