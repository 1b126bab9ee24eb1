#include "playground/options.h"

#include <algorithm>
#include <string_view>

namespace weft::playground {
namespace {

using demos::Parameter;

constexpr const char* kGil = "gil";
constexpr const char* kSwitchInterval = "switch_interval";

bool declares(const demos::Demo& demo, std::string_view name) {
  return std::ranges::find(demo.parameters, name, &Parameter::name) != demo.parameters.end();
}

Parameter gil() {
  return demos::boolean(
      kGil, false, {"With a GIL", "启用 GIL"},
      {"One thread at a time runs, as in CPython; off, threads run in parallel, as in its "
       "free-threaded build.",
       "任何时刻只有一个线程在运行，与 CPython "
       "相同；关闭时各线程并行运行，与其自由线程版本相同。"});
}

Parameter switch_interval() {
  Parameter parameter =
      demos::real(kSwitchInterval, {0.01, 1000}, 5, {"Switch interval", "切换间隔"},
                  {"How long a thread waits for the GIL before it asks the holder to give it away.",
                   "线程等待 GIL 多久之后，才要求持有者让出。"},
                  {"ms", "毫秒"});
  parameter.when = {kGil, "true"};
  return parameter;
}

}  // namespace

std::vector<Parameter> parameters_of(const demos::Demo& demo) {
  std::vector<Parameter> parameters = demo.parameters;
  // All or none: a single one of them would mean something else than in the other demos.
  if (demo.hidden || declares(demo, kGil) || declares(demo, kSwitchInterval)) return parameters;
  parameters.push_back(gil());
  parameters.push_back(switch_interval());
  return parameters;
}

std::optional<std::chrono::nanoseconds> gil_interval(const demos::Demo& demo,
                                                     const demos::Params& params) {
  if (parameters_of(demo).size() == demo.parameters.size() || !params.boolean(kGil)) {
    return std::nullopt;
  }
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(params.real(kSwitchInterval)));
}

}  // namespace weft::playground
