#include "weft/multiprocessing/process_pool_executor.h"

namespace weft::multiprocessing {

ProcessPoolExecutor::ProcessPoolExecutor(std::optional<std::int32_t> max_workers,
                                         PoolInitializer initializer,
                                         std::optional<std::int32_t> max_tasks_per_child) {
  const std::int32_t workers = max_workers.value_or(static_cast<std::int32_t>(cpu_count()));
  if (workers < 1)
    throw ValueError("max_workers must be greater than 0, not " + std::to_string(workers));
  if (max_tasks_per_child && *max_tasks_per_child < 1) {
    throw ValueError("max_tasks_per_child must be >= 1, not " +
                     std::to_string(*max_tasks_per_child));
  }
  PoolCore::Options options;
  options.processes = static_cast<std::uint32_t>(workers);
  options.initializer = std::move(initializer);
  options.max_tasks = static_cast<std::uint32_t>(max_tasks_per_child.value_or(0));
  options.workers_have_children = true;
  options.broken = std::make_exception_ptr(BrokenProcessPool());
  calls_ = std::make_shared<ProcessCalls>(std::move(options));
}

ProcessPoolExecutor::~ProcessPoolExecutor() {
  // In a callback of one of its futures it would wait for itself.
  const bool wait = !calls_->is_called_back();
  calls_->shutdown(wait, false, runtime::Stoppable::no, runtime::Where());
}

}  // namespace weft::multiprocessing
