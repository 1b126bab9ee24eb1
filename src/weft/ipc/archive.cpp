#include "weft/ipc/archive.h"

#include <cstring>
#include <limits>

#include "weft/errors.h"

namespace weft::ipc {

void Archive::read(void* place, std::size_t bytes) {
  if (bytes > unread_.size()) {
    throw SerialiseError("truncated message: " + std::to_string(bytes) + " bytes expected, " +
                         std::to_string(unread_.size()) + " left");
  }
  if (bytes == 0) return;
  std::memcpy(place, unread_.data(), bytes);
  unread_ = unread_.subspan(bytes);
}

std::size_t Archive::count(std::size_t count, std::size_t least) {
  if (!reading_ && count > std::numeric_limits<std::uint32_t>::max()) {
    throw ValueError("a container of " + std::to_string(count) +
                     " elements can't be sent: the most are 4294967295");
  }
  auto number = static_cast<std::uint32_t>(count);
  raw(&number, sizeof number);
  if (reading_ && least != 0 && number > unread_.size() / least) {
    throw SerialiseError("truncated message: " + std::to_string(number) + " elements expected, " +
                         std::to_string(unread_.size()) + " bytes left");
  }
  return number;
}

void Archive::handle(ObjectHandle& handle) {
  struct Written {
    ObjectRef ref;
    std::uint32_t role;
  };
  if (!takes_handles_ && handle) {
    throw ValueError(
        "a manager can't store a shared object, such as a Lock or a Connection: pass it to "
        "the process itself");
  }
  const std::uint32_t holder = holder_.value_or(HandleTransfer::kTransit);
  Written written{handle.ref(), handle.role()};
  raw(&written, sizeof written);
  if (!reading_) {
    if (handle) HandleTransfer::add(handle, holder);
    return;
  }
  if (!written.ref) {
    handle.reset();
    return;
  }
  if (!written.ref.exists() || written.role >= layout::object::kRoles) {
    throw SerialiseError("the message refers to an object that does not exist");
  }
  handle = HandleTransfer::adopt(written.ref, written.role, holder);
}

void Archive::expect_end() const {
  if (unread_.empty()) return;
  throw SerialiseError("the message has " + std::to_string(unread_.size()) + " bytes left over");
}

}  // namespace weft::ipc
