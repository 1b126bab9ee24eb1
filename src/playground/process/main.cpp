// A process of the page.
#include <cstring>

#include "playground/process/hosted.h"

namespace {

// Most demos start a handful of threads; these find their worker waiting. Children seldom start any.
constexpr unsigned kWarmThreads = 6;

}  // namespace

/// `child`: the process will not be the first of its run.
int main(int argc, char** argv) {
  const bool is_child = argc > 1 && std::strcmp(argv[1], "child") == 0;
  weft::playground::run_hosted(is_child ? 0 : kWarmThreads);
}
