#include "weft/multiprocessing/archive.h"

#include <cstring>
#include <limits>

#include "weft/errors.h"

namespace weft::multiprocessing {

void Archive::read(void* place, std::size_t bytes) {
  if (bytes > unread_.size()) throw SerialiseError("what another process sent is cut off");
  if (bytes == 0) return;
  std::memcpy(place, unread_.data(), bytes);
  unread_ = unread_.subspan(bytes);
}

std::size_t Archive::count(std::size_t count, std::size_t least) {
  if (!reading_ && count > std::numeric_limits<std::uint32_t>::max()) {
    throw ValueError("so many elements can't be sent to another process");
  }
  auto number = static_cast<std::uint32_t>(count);
  raw(&number, sizeof number);
  if (reading_ && least != 0 && number > unread_.size() / least) {
    throw SerialiseError("what another process sent is cut off");
  }
  return number;
}

void Archive::hold(Hold& hold) {
  struct Written {
    ObjectRef ref;
    std::uint32_t role;
  };
  if (!takes_handles_ && hold) {
    throw ValueError("a manager can't store an object that processes share, such as a Lock or a "
                     "Connection: pass it to the process itself");
  }
  const std::uint32_t holder = holder_.value_or(HoldTransfer::kTransit);
  Written written{hold.ref(), hold.role()};
  raw(&written, sizeof written);
  if (!reading_) {
    if (hold) HoldTransfer::give(hold, holder);
    return;
  }
  if (!written.ref) {
    hold.reset();
    return;
  }
  if (!written.ref.exists() || written.role >= layout::object::kRoles) {
    throw SerialiseError("what another process sent names an object that is not there");
  }
  hold = HoldTransfer::take(written.ref, written.role, holder);
}

void Archive::expect_end() const {
  if (!unread_.empty()) throw SerialiseError("what another process sent has something left over");
}

}  // namespace weft::multiprocessing
