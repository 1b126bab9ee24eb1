#include "weft/multiprocessing/internal/thread_pool_core.h"

#include <string>
#include <utility>

#include "weft/errors.h"
#include "weft/runtime/stopped.h"
#include "weft/runtime/uncaught.h"

namespace weft::multiprocessing {

std::shared_ptr<ThreadPoolCore> ThreadPoolCore::make(std::uint32_t threads, std::string name,
                                                     std::function<void()> initializer) {
  auto core = std::make_shared<ThreadPoolCore>();
  // A pool that is destroyed by one of its own calls does not wait for the other threads.
  auto first = [weak = std::weak_ptr(core), initializer = std::move(initializer)] {
    if (!initializer) return;
    try {
      initializer();
    } catch (const runtime::Stopped&) {
      throw;
    } catch (...) {
      if (const auto pool = weak.lock()) pool->fail_initialization();
    }
  };
  core->executor_.emplace(
      threads, futures::ThreadPoolExecutor::Options{.thread_name_prefix = std::move(name),
                                                    .initializer = std::move(first)});
  return core;
}

// Ends the pool with the present exception, as a Pool's initializer does.
void ThreadPoolCore::fail_initialization() noexcept {
  const std::string why = runtime::describe(std::current_exception());
  phase_.store(Phase::terminated);
  fail_all(std::make_exception_ptr(RuntimeError("the initializer of the pool failed: " + why)));
}

// The phase is stored before fail_all() takes the tasks under mutex_: either that finds this task,
// or this sees the phase.
void ThreadPoolCore::post(std::function<void()> task, Fail fail, const runtime::Where& where) {
  std::uint64_t number = 0;
  {
    const platform::LockGuard guard(mutex_);
    if (!open()) throw ValueError("Pool not running");
    number = next_++;
    tasks_.emplace(number, std::move(fail));
  }
  try {
    executor_->post(
        [core = shared_from_this(), number, task = std::move(task)] { core->run(number, task); },
        where);
  } catch (...) {
    {
      const platform::LockGuard guard(mutex_);
      tasks_.erase(number);
    }
    if (!open()) throw ValueError("Pool not running");  // closed meanwhile
    throw;
  }
}

void ThreadPoolCore::run(std::uint64_t number, const std::function<void()>& task) {
  if (phase_.load() == Phase::terminated) return;
  task();
  const platform::LockGuard guard(mutex_);
  tasks_.erase(number);
}

void ThreadPoolCore::fail_all(const std::exception_ptr& error) noexcept {
  std::unordered_map<std::uint64_t, Fail> tasks;
  {
    const platform::LockGuard guard(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& [number, fail] : tasks) fail(error);
}

void ThreadPoolCore::close() noexcept {
  Phase open = Phase::open;
  if (phase_.compare_exchange_strong(open, Phase::closed)) executor_->shutdown(false);
}

void ThreadPoolCore::terminate() noexcept {
  if (phase_.exchange(Phase::terminated) == Phase::terminated) return;
  executor_->shutdown(false);
  fail_all(std::make_exception_ptr(RuntimeError("the pool was terminated")));
}

void ThreadPoolCore::join(runtime::Where where) {
  if (open()) throw ValueError("Pool is still running");
  executor_->shutdown(true, false, where);
}

}  // namespace weft::multiprocessing
