#include "weft/multiprocessing/view.h"

namespace weft::multiprocessing {

void expect_kind(const Hold& hold, ObjectKind kind) {
  if (!hold || !hold.ref().exists() || hold.ref().kind() != kind) {
    throw SerialiseError("what another process sent is not the kind of object that is expected here");
  }
}

}  // namespace weft::multiprocessing
