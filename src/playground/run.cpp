#include "playground/run.h"

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "demos/kit/demo.h"
#include "demos/kit/number.h"
#include "playground/options.h"
#include "weft/multiprocessing/internal/child_process.h"
#include "weft/multiprocessing/internal/memory_record.h"
#include "weft/platform/shared.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/point.h"
#include "weft/runtime/session.h"
#include "weft/runtime/uncaught.h"

namespace weft::playground {
namespace {

using runtime::record_payload;
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

void record_parameters(const demos::Params& params) {
  for (const auto& [name, value] : params.values()) {
    record_payload(Kind::parameter, 0, 0, 0, name + "=" + to_text(value));
  }
}

// After the run: how long a daemon thread, or a process of a stopped run, may take to reach its
// next scheduling point.
constexpr std::chrono::milliseconds kGrace{500};

template <class Action>
Status outcome_of(Action action) {
  try {
    action();
    return Status::ok;
  } catch (const runtime::Stopped&) {
    return Status::stopped;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
    return Status::failed;
  }
}

// Leaked on purpose: a daemon thread that still runs may use it. The static pointer keeps it
// reachable for leak checkers.
void keep_for_ever(std::unique_ptr<demos::Run> run) {
  static auto* const kept = new std::vector<std::unique_ptr<demos::Run>>;
  kept->push_back(std::move(run));
}

Status run_body(const demos::Demo& demo, const demos::Params& params) {
  runtime::Session& session = *runtime::session_thread->session;
  auto run = std::make_unique<demos::Run>();
  Status status = Status::ok;
  {
    std::optional<runtime::GilScope> gil;
    if (const auto interval = gil_interval(demo, params)) gil.emplace(*interval);
    status = outcome_of([&] { demo.run(params, *run); });
    const Status waited = outcome_of([&] { session.wait_for_threads(); });
    if (status == Status::ok) status = waited;
    const Status finished = outcome_of(multiprocessing::finish_children);
    if (status == Status::ok) status = finished;
  }
  if (platform::shared::attached()) multiprocessing::record_memory();
  if (session.stopping()) multiprocessing::stop_processes(kGrace);
  if (status == Status::ok && run->failed()) status = Status::failed;
  if (!session.end_daemons(kGrace)) keep_for_ever(std::move(run));
  if (session.deadlocked()) return Status::deadlock;
  return session.gil_lost() ? Status::failed : status;
}

Status validate_and_run(const std::string& id, const std::vector<Assignment>& parameters) {
  const demos::Demo* demo = demos::find(id);
  if (demo == nullptr) {
    record_payload(Kind::error, 0, 0, 0, "there is no demo '" + id + "'");
    return Status::bad_parameters;
  }
  try {
    const demos::Params params = validate(*demo, parameters);
    record_parameters(params);
    return run_body(*demo, params);
  } catch (const BadParameter& error) {
    record_payload(Kind::error, 0, 0, 0, error.what());
    return Status::bad_parameters;
  }
}

}  // namespace

Status run(const std::string& demo, const std::vector<Assignment>& parameters) {
  runtime::record_unordered(Kind::run_start, 0);
  const Status status = validate_and_run(demo, parameters);
  runtime::record_unordered(Kind::run_end, 0, static_cast<std::uint32_t>(status));
  return status;
}

}  // namespace weft::playground
