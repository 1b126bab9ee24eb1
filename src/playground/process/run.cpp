// The entry point of a run's first process.
#include "playground/run.h"

#include <cstdio>

#include "playground/process/entry_point.h"
#include "playground/process/hosted.h"

namespace weft::playground {
namespace {

/// Arguments: the demo's id, then `name=value` for each parameter.
int run_demo(const EntryPoint::Arguments& arguments) {
  if (arguments.empty()) return static_cast<int>(Status::bad_parameters);
  return in_session(Traced::yes, [&arguments] {
    try {
      std::vector<Assignment> parameters;
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        parameters.push_back(parse_assignment(arguments[i]));
      }
      return static_cast<int>(run(arguments[0], parameters));
    } catch (const BadParameter& error) {
      std::fprintf(stderr, "weft: %s\n", error.what());
      return static_cast<int>(Status::bad_parameters);
    }
  });
}

const EntryPoint entry("run", run_demo);

}  // namespace
}  // namespace weft::playground
