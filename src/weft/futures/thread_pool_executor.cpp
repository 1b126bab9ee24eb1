#include "weft/futures/thread_pool_executor.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "weft/platform/cpu.h"
#include "weft/runtime/point.h"

namespace weft::futures {
namespace {

std::uint32_t checked(std::int64_t max_workers) {
  if (max_workers <= 0) throw ValueError("max_workers must be greater than 0");
  return static_cast<std::uint32_t>(std::min<std::int64_t>(max_workers, UINT32_MAX));
}

std::string default_prefix() {
  static std::atomic<std::uint32_t> count{0};
  return "ThreadPoolExecutor-" + std::to_string(count.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace

struct ThreadPoolExecutor::Worker {
  static constexpr std::uint32_t kWorking = 0;
  static constexpr std::uint32_t kIdle = 1;

  std::atomic<std::uint32_t> word{kWorking};
  Worker* next_idle = nullptr;  // guarded by the executor's mutex
  std::shared_ptr<runtime::ThreadState> thread;
};

std::uint32_t ThreadPoolExecutor::default_max_workers() noexcept {
  return std::min(32U, platform::cpu_count() + 4);
}

ThreadPoolExecutor::ThreadPoolExecutor(std::int64_t max_workers, std::string thread_name_prefix)
    : max_workers_(checked(max_workers)),
      prefix_(thread_name_prefix.empty() ? default_prefix() : std::move(thread_name_prefix)) {
  object_.set_name(prefix_);
  runtime::note(trace::Kind::executor_open, object_, max_workers_);
}

ThreadPoolExecutor::~ThreadPoolExecutor() {
  close();
  join_workers(runtime::Stoppable::no);
  cancel_queued();  // there are some only if the run was stopped
}

void ThreadPoolExecutor::shutdown(bool wait, bool cancel_futures) {
  runtime::point(trace::Kind::executor_shutdown, object_);
  close();
  if (cancel_futures) cancel_queued();
  if (wait) join_workers(runtime::Stoppable::yes);
}

void ThreadPoolExecutor::close() {
  Worker* idle = nullptr;
  {
    const std::lock_guard guard(mutex_);
    if (!is_shutdown_) runtime::note_exactly(trace::Kind::executor_shutdown, object_);
    is_shutdown_ = true;
    idle = std::exchange(idle_, nullptr);
  }
  while (idle != nullptr) {
    Worker* const next = idle->next_idle;  // read before the worker may go on
    set_working(*idle);
    idle = next;
  }
}

void ThreadPoolExecutor::cancel_queued() {
  Task* task = nullptr;
  {
    const std::lock_guard guard(mutex_);
    task = std::exchange(first_, nullptr);
  }
  while (task != nullptr) {
    Task* const next = task->next;
    task->state().cancel_now();
    task->state().release();
    task = next;
  }
}

void ThreadPoolExecutor::join_workers(runtime::Stoppable stoppable) {
  // Nobody adds workers after close().
  for (const auto& worker : workers_) {
    if (worker->thread.get() == runtime::current) {
      throw RuntimeError("a worker cannot wait for the end of its own executor");
    }
    runtime::join_thread(*worker->thread, std::nullopt, stoppable);
  }
}

void ThreadPoolExecutor::enqueue(Task& task) {
  runtime::point(trace::Kind::task_submit, task.state().object());
  const std::uint32_t executor = runtime::trace_id(object_);
  Worker* idle = nullptr;
  {
    const std::lock_guard guard(mutex_);
    if (is_shutdown_) throw RuntimeError("cannot schedule new futures after shutdown");
    if (idle_ != nullptr) {
      idle = std::exchange(idle_, idle_->next_idle);
    } else if (workers_.size() < max_workers_) {
      start_worker();
    }
    runtime::note_exactly(trace::Kind::task_submit, task.state().object(), 0, executor);
    task.state().retain();
    push(task);
  }
  if (idle != nullptr) set_working(*idle);
}

void ThreadPoolExecutor::start_worker() {
  auto worker = std::make_unique<Worker>();
  worker->thread = runtime::start_thread(prefix_ + "_" + std::to_string(workers_.size()),
                                         [this, self = worker.get()] { work(*self); });
  workers_.push_back(std::move(worker));
}

void ThreadPoolExecutor::set_working(Worker& worker) noexcept {
  worker.word.store(Worker::kWorking, std::memory_order_release);
  runtime::wake(worker.word, 1);
}

void ThreadPoolExecutor::work(Worker& self) {
  while (Task* task = next_task(self)) run_task(*task);
}

Task* ThreadPoolExecutor::next_task(Worker& self) {
  for (;;) {
    {
      const std::lock_guard guard(mutex_);
      if (first_ != nullptr) return pop();
      if (is_shutdown_) return nullptr;
      self.word.store(Worker::kIdle, std::memory_order_relaxed);
      self.next_idle = idle_;
      idle_ = &self;
    }
    while (self.word.load(std::memory_order_acquire) == Worker::kIdle) {
      runtime::park(self.word, Worker::kIdle, std::nullopt, {trace::Reason::task, &object_});
    }
  }
}

void ThreadPoolExecutor::run_task(Task& task) {
  State& state = task.state();
  const struct Release {
    State& state;
    ~Release() {
      state.cancel_now();  // does nothing unless the run was stopped before the task began
      state.release();
    }
  } release{state};
  runtime::point(trace::Kind::task_start, state.object());
  if (!state.set_running()) return;  // cancelled
  runtime::note_exactly(trace::Kind::task_start, state.object(), 0, runtime::trace_id(object_));
  task.run();
}

void ThreadPoolExecutor::push(Task& task) noexcept {
  task.next = nullptr;
  (first_ != nullptr ? last_->next : first_) = &task;
  last_ = &task;
}

Task* ThreadPoolExecutor::pop() noexcept { return std::exchange(first_, first_->next); }

}  // namespace weft::futures
