#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weft/multiprocessing/view.h"

namespace weft::multiprocessing {

/// What Value and Array are: bytes in the memory that processes share.
class Cells : public View {
 public:
  explicit Cells(Hold held) : View(std::move(held), trace::ObjectType::shared) {}

  /// New ones, as many bytes as there are.
  static Hold make(const void* bytes, std::size_t size, std::string_view name);

  std::size_t size() const noexcept { return hold.ref().bytes(); }

  /// Not atomic, unless it is one word: what one process writes, another may read half.
  void read(std::size_t from, void* bytes, std::size_t count);
  void write(std::size_t to, const void* bytes, std::size_t count);
};

}  // namespace weft::multiprocessing
