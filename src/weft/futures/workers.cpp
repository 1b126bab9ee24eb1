#include "weft/futures/workers.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "weft/futures/errors.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::futures {

struct Workers::Worker {
  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kParked = 1;

  std::atomic<std::uint32_t> word{kAwake};
  bool is_idle = true;            // the worker's own, and of who starts it
  Worker* next_parked = nullptr;  // guarded by mutex_
  Task* seen_rest = nullptr;      // guarded by mutex_; what others saw in `rest`
  std::shared_ptr<runtime::ThreadState> thread;
  runtime::Spin spin;
  alignas(64) std::atomic<Task*> rest{nullptr};  // of its batch; whoever exchanges it has it
};

Workers::Workers(std::uint32_t max_workers, std::string prefix, std::function<void()> initializer)
    : max_workers_(max_workers), prefix_(std::move(prefix)), initializer_(std::move(initializer)) {
  object_.set_name(prefix_);
  runtime::note(trace::Kind::executor_open, object_, max_workers_);
}

Workers::~Workers() { cancel_queued(); }  // there are some only if the run was stopped

void Workers::enqueue(Task& task) {
  runtime::point(trace::Kind::task_submit, task.object());
  const std::uint32_t executor = runtime::trace_id(object_);
  Worker* sleeper = nullptr;
  {
    const std::lock_guard guard(mutex_);
    if (broken_) throw BrokenThreadPool();
    if (closed_.load(std::memory_order_relaxed)) {
      throw RuntimeError("cannot schedule new futures after shutdown");
    }
    if (queue_.size() >= idle_.load(std::memory_order_relaxed) && workers_.size() < max_workers_) {
      start_worker();
    } else {
      sleeper = one_to_wake();
    }
    runtime::note_exactly(trace::Kind::task_submit, task.object(), 0, executor);
    queue_.push(task);
    set_queued();
  }
  wake(sleeper);
}

void Workers::start_worker() {
  auto worker = std::make_unique<Worker>();
  worker->thread =
      runtime::start_thread(prefix_ + "_" + std::to_string(workers_.size()),
                            [self = worker.get(), pool = shared_from_this()] { pool->work(*self); });
  workers_.push_back(std::move(worker));
  ++looking_;
  idle_.fetch_add(1);
}

Workers::Worker* Workers::one_to_wake() {
  if (looking_ > 0 || parked_ == nullptr) return nullptr;
  ++looking_;
  return std::exchange(parked_, parked_->next_parked);
}

void Workers::wake(Worker* worker) noexcept {
  if (worker == nullptr) return;
  worker->word.store(Worker::kAwake, std::memory_order_release);
  runtime::wake(worker->word, 1);
}

void Workers::close() {
  Worker* sleeper = nullptr;
  {
    const std::lock_guard guard(mutex_);
    if (!closed_.load()) runtime::note_exactly(trace::Kind::executor_shutdown, object_);
    closed_.store(true);
    sleeper = std::exchange(parked_, nullptr);
    for (Worker* each = sleeper; each != nullptr; each = each->next_parked) ++looking_;
  }
  while (sleeper != nullptr) {
    Worker* const next = sleeper->next_parked;  // read before the worker may go on
    wake(sleeper);
    sleeper = next;
  }
}

void Workers::join(runtime::Stoppable stoppable, runtime::Where where) {
  if (is_own_thread()) {
    throw RuntimeError("a worker cannot wait for the end of its own executor");
  }
  // Nobody adds workers after close().
  for (const auto& worker : workers_) {
    runtime::join_thread(*worker->thread, std::nullopt, stoppable, where);
  }
}

bool Workers::is_own_thread() const noexcept {
  return std::ranges::any_of(workers_, [](const auto& worker) {
    return worker->thread.get() == runtime::current;
  });
}

void Workers::work(Worker& self) {
  if (!initialize()) return;
  const std::uint32_t executor = runtime::trace_id(object_);
  while (Task* task = next_task(self)) task->run(executor);
}

bool Workers::initialize() {
  if (!initializer_) return true;
  try {
    initializer_();
    return true;
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
  }
  fail();
  return false;
}

void Workers::fail() {
  {
    const std::lock_guard guard(mutex_);
    if (!broken_) runtime::note_exactly(trace::Kind::executor_broken, object_);
    broken_ = true;
    --looking_;
    idle_.fetch_sub(1);
  }
  discard_queued();
}

Task* Workers::next_task(Worker& self) {
  if (Task* task = take_own(self)) return task;
  if (Task* task = take_queued(self)) return task;
  return look(self);
}

Task* Workers::take_own(Worker& self) {
  Task* const task = self.rest.exchange(nullptr, std::memory_order_acq_rel);
  if (task == nullptr) return nullptr;
  if (Task* const rest = task->next; rest != nullptr) {
    __builtin_prefetch(rest);
    // Who becomes idle counts himself and then looks for rests; here it is the other way round.
    self.rest.store(rest, std::memory_order_seq_cst);
    if (idle_.load(std::memory_order_seq_cst) != 0) give_back(self);
    if (discards_.load(std::memory_order_seq_cst)) discard_queued();
  }
  return task;
}

void Workers::give_back(Worker& self) {
  Worker* sleeper = nullptr;
  {
    const std::lock_guard guard(mutex_);
    if (Task* rest = self.rest.exchange(nullptr, std::memory_order_acq_rel)) queue_.put_back(rest);
    set_queued();
    if (queue_.size() > 0) sleeper = one_to_wake();
  }
  wake(sleeper);
}

Task* Workers::take_queued(Worker& self) {
  Task* task = nullptr;
  Worker* sleeper = nullptr;
  {
    const std::lock_guard guard(mutex_);
    queue_.size() == 0 ? call_back_rests() : call_back_stuck_rests();
    const std::size_t size = queue_.size();
    if (size == 0) return nullptr;
    if (self.is_idle) {
      self.is_idle = false;
      --looking_;
      idle_.fetch_sub(1);
    }
    const bool all_busy =
        workers_.size() == max_workers_ && idle_.load(std::memory_order_relaxed) == 0;
    const std::size_t share = (size + max_workers_ - 1) / max_workers_;
    task = queue_.take(all_busy ? std::min(share, kBatch) : 1);
    if (task->next != nullptr) self.rest.store(task->next, std::memory_order_seq_cst);
    set_queued();
    if (queue_.size() > 0) sleeper = one_to_wake();
  }
  wake(sleeper);
  return task;
}

Task* Workers::look(Worker& self) {
  for (;;) {
    if (!self.is_idle) {
      const std::lock_guard guard(mutex_);
      self.is_idle = true;
      ++looking_;
      idle_.fetch_add(1);
    }
    self.spin.until([this] {
      return queued_.load(std::memory_order_relaxed) != 0 ||
             closed_.load(std::memory_order_relaxed);
    });
    if (Task* task = take_queued(self)) return task;
    {
      const std::lock_guard guard(mutex_);
      call_back_rests();
      if (queue_.size() > 0) continue;
      if (closed_.load(std::memory_order_relaxed)) {
        --looking_;
        idle_.fetch_sub(1);
        return nullptr;
      }
      --looking_;
      self.word.store(Worker::kParked, std::memory_order_relaxed);
      self.next_parked = parked_;
      parked_ = &self;
    }
    while (self.word.load(std::memory_order_acquire) == Worker::kParked) {
      runtime::park(self.word, Worker::kParked, std::nullopt, {trace::Reason::task, &object_});
    }
  }
}

void Workers::call_back_rests() noexcept {
  for (const auto& worker : workers_) {
    if (worker->rest.load(std::memory_order_seq_cst) == nullptr) continue;
    if (Task* rest = worker->rest.exchange(nullptr, std::memory_order_acq_rel)) {
      queue_.put_back(rest);
    }
  }
  set_queued();
}

// A worker that is at one task all the time while others take batch after batch.
void Workers::call_back_stuck_rests() noexcept {
  for (const auto& worker : workers_) {
    Task* rest = worker->rest.load(std::memory_order_relaxed);
    if (rest != nullptr && rest == worker->seen_rest) {
      rest = worker->rest.exchange(nullptr, std::memory_order_acq_rel);
      if (rest != nullptr) queue_.put_back(rest);
    }
    worker->seen_rest = rest;
  }
}

void Workers::set_queued() noexcept {
  queued_.store(queue_.size(), std::memory_order_relaxed);
}

void Workers::discard_queued() noexcept {
  discards_.store(true, std::memory_order_seq_cst);
  Task* task = nullptr;
  std::exception_ptr why;
  {
    const std::lock_guard guard(mutex_);
    if (broken_) why = std::make_exception_ptr(BrokenThreadPool());
    call_back_rests();
    task = queue_.take(queue_.size());
    set_queued();
  }
  while (task != nullptr) {
    Task* const next = task->next;
    task->discard(why);
    task = next;
  }
}

}  // namespace weft::futures
