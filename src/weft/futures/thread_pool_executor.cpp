#include "weft/futures/thread_pool_executor.h"

#include <algorithm>

#include "weft/futures/internal/workers.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/default_name.h"
#include "weft/runtime/point.h"

namespace weft::futures {
namespace {

std::uint32_t checked(std::int64_t max_workers) {
  if (max_workers <= 0) {
    throw ValueError("max_workers must be greater than 0, not " + std::to_string(max_workers));
  }
  return static_cast<std::uint32_t>(std::min<std::int64_t>(max_workers, UINT32_MAX));
}

std::string default_prefix() {
  // Numbered from 0, as in Python.
  const std::uint32_t number = runtime::next_name_number(runtime::Named::executor) - 1;
  return "ThreadPoolExecutor-" + std::to_string(number);
}

}  // namespace

std::uint32_t ThreadPoolExecutor::default_max_workers() noexcept {
  return std::min(32U, platform::cpu_count() + 4);
}

ThreadPoolExecutor::ThreadPoolExecutor(std::int64_t max_workers, Options options)
    : workers_(std::make_shared<Workers>(checked(max_workers),
                                         options.thread_name_prefix.empty()
                                             ? default_prefix()
                                             : std::move(options.thread_name_prefix),
                                         std::move(options.initializer))) {}

ThreadPoolExecutor::~ThreadPoolExecutor() {
  workers_->close();
  if (workers_->is_own_thread()) return;
  workers_->join(runtime::Stoppable::no, runtime::Where());
  workers_->cancel_queued();  // not empty only if the run was stopped
}

void ThreadPoolExecutor::shutdown(bool wait, bool cancel_futures, runtime::Where where) {
  runtime::point(trace::Kind::executor_shutdown, workers_->object());
  workers_->close();
  if (cancel_futures) workers_->cancel_queued();
  if (wait) workers_->join(runtime::Stoppable::yes, where);
}

std::uint32_t ThreadPoolExecutor::max_workers() const noexcept { return workers_->max_workers(); }
runtime::Object& ThreadPoolExecutor::object() noexcept { return workers_->object(); }

void ThreadPoolExecutor::enqueue(Workers& workers, Task& task, const runtime::Where& where) {
  try {
    workers.enqueue(task, where);
  } catch (...) {
    task.drop();
    throw;
  }
}

}  // namespace weft::futures
