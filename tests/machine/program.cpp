// A whole program in a process of the machine, such as a benchmark: its main() was compiled as this.
#include "playground/process/entry_point.h"

int hosted_program();

namespace weft::playground {
namespace {

const EntryPoint entry("program", [](const EntryPoint::Arguments&) { return hosted_program(); });

}  // namespace
}  // namespace weft::playground
