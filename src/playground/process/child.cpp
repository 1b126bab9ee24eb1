// What a process does that another one started.
#include "weft/multiprocessing/child.h"

#include "playground/process/entry_point.h"
#include "playground/process/hosted.h"

namespace weft::playground {
namespace {

const EntryPoint child("child", [](const EntryPoint::Arguments&) {
  const bool is_of_a_run = multiprocessing::child_is_of_a_run();
  return in_session(is_of_a_run ? Traced::yes : Traced::no, multiprocessing::run_child);
});

// A program with this entry point has what its children need.
[[maybe_unused]] const bool allowed = (multiprocessing::allow_children(), true);

}  // namespace
}  // namespace weft::playground
