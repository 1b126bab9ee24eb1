#include "weft/multiprocessing/thread_pool.h"

#include <string>

#include "weft/errors.h"
#include "weft/multiprocessing/process_ref.h"
#include "weft/runtime/stopped.h"

namespace weft::multiprocessing {

ThreadPool::ThreadPool(std::optional<std::int32_t> processes, Options options) {
  const std::int32_t threads = processes.value_or(static_cast<std::int32_t>(cpu_count()));
  if (threads < 1) {
    throw ValueError("Number of processes must be at least 1, not " + std::to_string(threads));
  }
  if (options.name.empty()) options.name = "ThreadPool";
  core_ = ThreadPoolCore::make(static_cast<std::uint32_t>(threads), std::move(options.name),
                               std::move(options.initializer));
}

ThreadPool::~ThreadPool() {
  core_->terminate();
  try {
    core_->join(runtime::Where());
  } catch (const RuntimeError&) {
    // One of the pool's own calls: it would wait for itself.
  } catch (const runtime::Stopped&) {
    // The threads end by themselves.
  }
}

}  // namespace weft::multiprocessing
