#include "weft/multiprocessing/process_pool_executor.h"

namespace weft::multiprocessing {

ProcessPoolExecutor::ProcessPoolExecutor(std::optional<std::int32_t> max_workers, Options options) {
  const std::int32_t workers = max_workers.value_or(static_cast<std::int32_t>(cpu_count()));
  if (workers < 1)
    throw ValueError("max_workers must be greater than 0, not " + std::to_string(workers));
  const std::optional<std::int32_t> max_tasks = options.max_tasks_per_child;
  if (max_tasks && *max_tasks < 1)
    throw ValueError("max_tasks_per_child must be >= 1, not " + std::to_string(*max_tasks));
  PoolCore::Options core;
  core.processes = static_cast<std::uint32_t>(workers);
  core.initializer = std::move(options.initializer);
  core.max_tasks = static_cast<std::uint32_t>(max_tasks.value_or(0));
  core.workers_have_children = true;
  core.broken = std::make_exception_ptr(BrokenProcessPool());
  core.name = std::move(options.name);
  calls_ = std::make_shared<ProcessCalls>(std::move(core));
}

ProcessPoolExecutor::~ProcessPoolExecutor() {
  // In a callback of one of its futures it would wait for itself.
  const bool wait = !calls_->is_called_back();
  calls_->shutdown(wait, false, runtime::Stoppable::no, runtime::Where());
}

}  // namespace weft::multiprocessing
