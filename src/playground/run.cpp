#include "playground/run.h"

#include <type_traits>

#include "demos/kit/demo.h"
#include "demos/kit/number.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::playground {
namespace {

using runtime::note_payload;
using trace::Kind;

std::string to_text(const demos::Params::Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, std::string>) {
          return held;
        } else {
          return demos::to_text(held);
        }
      },
      value);
}

void note_parameters(const demos::Params& params) {
  for (const auto& [name, value] : params.values()) {
    note_payload(Kind::parameter, 0, 0, 0, name + "=" + to_text(value));
  }
}

Status run_body(const demos::Demo& demo, const demos::Params& params) {
  demos::Run run;
  try {
    demo.run(params, run);
  } catch (const runtime::Stopped&) {
    return Status::stopped;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
    return Status::failed;
  }
  return run.failed() ? Status::failed : Status::ok;
}

Status validate_and_run(const std::string& id, const std::vector<Assignment>& parameters) {
  const demos::Demo* demo = demos::find(id);
  if (demo == nullptr) {
    note_payload(Kind::error, 0, 0, 0, "there is no demo '" + id + "'");
    return Status::bad_parameters;
  }
  try {
    const demos::Params params = validate(*demo, parameters);
    note_parameters(params);
    return run_body(*demo, params);
  } catch (const BadParameter& error) {
    note_payload(Kind::error, 0, 0, 0, error.what());
    return Status::bad_parameters;
  }
}

}  // namespace

Status run(const std::string& demo, const std::vector<Assignment>& parameters) {
  runtime::note_unordered(Kind::run_start, 0);
  const Status status = validate_and_run(demo, parameters);
  runtime::note_unordered(Kind::run_end, 0, static_cast<std::uint32_t>(status));
  return status;
}

}  // namespace weft::playground
