// The program of the page's processes.
#include <cstring>

#include "playground/process/hosted.h"

namespace {

// Most demos start a handful of threads; these find a pooled one with its worker. Children seldom
// start any.
constexpr unsigned kWarmThreads = 6;

}  // namespace

/// The argument `child`: this process is not the first of its run.
int main(int argc, char** argv) {
  const bool is_child = argc > 1 && std::strcmp(argv[1], "child") == 0;
  weft::playground::run_hosted(is_child ? 0 : kWarmThreads);
}
