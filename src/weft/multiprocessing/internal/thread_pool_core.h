#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "weft/futures/thread_pool_executor.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The type-erased implementation of ThreadPool: an executor, and what the tasks that have not
/// ended are for. Owned by a std::shared_ptr, which the tasks share.
class ThreadPoolCore : public std::enable_shared_from_this<ThreadPoolCore> {
 public:
  using Fail = std::function<void(const std::exception_ptr&)>;

  static std::shared_ptr<ThreadPoolCore> make(std::uint32_t threads, std::string name,
                                              std::function<void()> initializer);

  std::uint32_t threads() const noexcept { return executor_->max_workers(); }
  bool open() const noexcept { return phase_.load() == Phase::open; }

  /// Queues a task; `fail` is called if the pool ends before it has. Throws ValueError unless the
  /// pool is open.
  void post(std::function<void()> task, Fail fail, const runtime::Where& where);

  void close() noexcept;
  void terminate() noexcept;
  void join(runtime::Where where);

 private:
  enum class Phase { open, closed, terminated };

  void run(std::uint64_t number, const std::function<void()>& task);
  void fail_initialization() noexcept;
  void fail_all(const std::exception_ptr& error) noexcept;

  std::atomic<Phase> phase_{Phase::open};
  platform::Mutex mutex_;
  std::unordered_map<std::uint64_t, Fail> tasks_ WEFT_GUARDED_BY(mutex_);
  std::uint64_t next_ WEFT_GUARDED_BY(mutex_) = 0;
  std::optional<futures::ThreadPoolExecutor> executor_;  // always, after make()
};

}  // namespace weft::multiprocessing
