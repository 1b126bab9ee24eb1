#pragma once

#include <cstddef>
#include <cstdint>

#include "weft/ipc/shared_object_view.h"

namespace weft::multiprocessing {

/// The common state of Value and Array: bytes in the shared memory.
class Cells : public ipc::SharedObjectView {
 public:
  explicit Cells(ipc::ObjectHandle held)
      : SharedObjectView(std::move(held), trace::ObjectType::shared) {}

  /// Allocates an object of `size` bytes and copies `bytes` into it. Throws RuntimeError if there
  /// is no room.
  static ipc::ObjectHandle make(const void* bytes, std::size_t size, const ObjectOptions& options);

  std::size_t size() const noexcept { return handle.ref().bytes(); }

  /// Not atomic (a concurrent read may be torn), except for one aligned 32-bit word, which is
  /// sequentially consistent.
  void read(std::size_t from, void* bytes, std::size_t count);
  void write(std::size_t to, const void* bytes, std::size_t count);
};

}  // namespace weft::multiprocessing
