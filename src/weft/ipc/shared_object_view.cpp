#include "weft/ipc/shared_object_view.h"

namespace weft::ipc {

void expect_kind(const ObjectHandle& handle, ObjectKind kind) {
  if (!handle || !handle.ref().exists() || handle.ref().kind() != kind) {
    throw SerialiseError("the message refers to an object of another type");
  }
}

}  // namespace weft::ipc
