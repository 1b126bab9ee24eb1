// The entry point of child processes.
#include "weft/multiprocessing/child.h"

#include "playground/process/entry_point.h"
#include "playground/process/hosted.h"

namespace weft::playground {
namespace {

const EntryPoint child("child", [](const EntryPoint::Arguments&) {
  const bool is_of_a_run = multiprocessing::child_is_of_a_run();
  return in_session(is_of_a_run ? Traced::yes : Traced::no, multiprocessing::run_child);
});

// Linking this file enables the program to start children.
[[maybe_unused]] const bool allowed = (multiprocessing::allow_children(), true);

}  // namespace
}  // namespace weft::playground
