#include "playground/options.h"

#include <algorithm>

namespace weft::playground {
namespace {

using demos::Parameter;

struct CommonOptions : demos::Declarations {
  demos::Boolean gil =
      boolean("gil", false, {"With a GIL", "启用 GIL"},
              {"One thread at a time runs, as in CPython; off, threads run in parallel, as in its "
               "free-threaded build.",
               "任何时刻只有一个线程在运行，与 CPython "
               "相同；关闭时各线程并行运行，与其自由线程版本相同。"});
  demos::Real switch_interval = only_when(
      gil, true,
      real("switch_interval", {0.01, 1000}, 5, {"Switch interval", "切换间隔"},
           {"How long a thread waits for the GIL before it asks the holder to give it away.",
            "线程等待 GIL 多久之后，才要求持有者让出。"},
           {"ms", "毫秒"}));
};

const CommonOptions& common() {
  static const CommonOptions options;
  return options;
}

}  // namespace

std::vector<Parameter> parameters_of(const demos::Demo& demo) {
  std::vector<Parameter> parameters = demo.parameters;
  const std::vector<Parameter>& others = common().parameters;
  const bool declares_one = std::ranges::any_of(others, [&](const Parameter& other) {
    return std::ranges::find(parameters, other.name, &Parameter::name) != parameters.end();
  });
  // All or none: a single one of them would mean something else than in the other demos.
  if (demo.hidden || declares_one) return parameters;
  parameters.insert(parameters.end(), others.begin(), others.end());
  return parameters;
}

std::optional<std::chrono::nanoseconds> gil_interval(const demos::Demo& demo,
                                                     const demos::Params& params) {
  if (parameters_of(demo).size() == demo.parameters.size() || !params[common().gil]) {
    return std::nullopt;
  }
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(params[common().switch_interval]));
}

}  // namespace weft::playground
