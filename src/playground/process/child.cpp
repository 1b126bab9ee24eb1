// What a process does that another one started.
#include "weft/multiprocessing/child.h"

#include "playground/process/entry_point.h"
#include "playground/process/hosted.h"

namespace weft::playground {
namespace {

const EntryPoint child("child", [](const EntryPoint::Arguments&) {
  return in_session({}, multiprocessing::run_child);
});

// A program with this entry point has what its children need.
[[maybe_unused]] const bool allowed = (multiprocessing::allow_children(), true);

}  // namespace
}  // namespace weft::playground
