#include "weft/futures/internal/workers.h"

#include <algorithm>
#include <utility>

#include "weft/futures/errors.h"
#include "weft/futures/internal/run_queue.h"
#include "weft/futures/internal/throttled_spin.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/process_end.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::futures {

struct Workers::Worker {
  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kParked = 1;

  explicit Worker(Workers& all) : pool(all) {}

  Workers& pool;
  std::atomic<std::uint32_t> word{kAwake};
  std::atomic<std::uint64_t> woken_by{0};  // a trace::waker
  bool is_idle = true;                     // this and the next three: accessed by the worker only
  std::uint32_t tasks_since_poll = 0;      // tasks since it last polled the injection queue
  Worker* victim = nullptr;                // the next victim; null: the first worker
  ThrottledSpin spin;
  Worker* next = nullptr;  // list of all workers; constant once published
  // Guarded by pool.mutex_, which the thieves know as their own.
  Worker* next_parked = nullptr;
  std::size_t seen_taken = 0;  // run_queue.taken() at a thief's last visit
  std::shared_ptr<runtime::ThreadState> thread;
  RunQueue run_queue;
};

constinit thread_local Workers::Worker* Workers::own_ = nullptr;

constinit Workers::Outside Workers::outside;

Workers::Workers(std::uint32_t max_workers, std::string prefix, std::function<void()> initializer)
    : max_workers_(max_workers), prefix_(std::move(prefix)), initializer_(std::move(initializer)) {
  object_.set_name(prefix_);
  runtime::record(trace::Kind::executor_open, object_, max_workers_);
  if (runtime::session_thread == nullptr) await_process_end();
}

Workers::~Workers() {
  cancel_queued();  // not empty only if the run was stopped
  const platform::LockGuard guard(outside.mutex);
  if (previous_ != nullptr) previous_->next_ = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  if (outside.first == this) outside.first = next_;
}

// The end of the process joins the workers of a pool that is never destroyed. It closes the pool,
// so that they end once they have run what was submitted.
void Workers::await_process_end() {
  [[maybe_unused]] static const bool registered = (runtime::at_process_end(close_all), true);
  bool too_late = false;
  {
    const platform::LockGuard guard(outside.mutex);
    next_ = std::exchange(outside.first, this);
    if (next_ != nullptr) next_->previous_ = this;
    too_late = outside.process_ends;
  }
  if (too_late) close();
}

void Workers::close_all() noexcept {
  std::vector<std::shared_ptr<Workers>> all;
  {
    const platform::LockGuard guard(outside.mutex);
    outside.process_ends = true;
    for (Workers* each = outside.first; each != nullptr; each = each->next_) {
      if (auto owned = each->weak_from_this().lock()) all.push_back(std::move(owned));
    }
  }
  for (const auto& workers : all) workers->close();
}

void Workers::enqueue(Task& task, const runtime::Where& where) {
  runtime::point(trace::Kind::task_submit, task.object());
  const std::uint32_t executor = runtime::trace_id(object_);
  if (incomplete_.load(std::memory_order_acquire)) {
    enqueue_and_start(task, where);
    return;
  }
  if (own_ != nullptr && &own_->pool == this && !queue_.is_closed()) {
    runtime::record(trace::Kind::task_submit, task.object(), where, 0, executor);
    Task* const tasks[] = {&task};
    own_->run_queue.put(tasks, 1);
  } else {
    InjectionQueue::Slot* const slot = queue_.reserve();
    if (slot == nullptr) {
      const platform::LockGuard guard(mutex_);
      refuse();
    }
    runtime::record(trace::Kind::task_submit, task.object(), where, 0, executor);
    InjectionQueue::fill(*slot, task);
  }
  if (needs_notify_.load(std::memory_order_seq_cst)) notify_worker();
}

// Holds mutex_ from the decision until the task is queued, so that the decision stays valid: starts
// a worker if the idle ones are no more than the tasks already queued.
void Workers::enqueue_and_start(Task& task, const runtime::Where& where) {
  const std::uint32_t executor = runtime::trace_id(object_);
  Worker* woken = nullptr;
  {
    const platform::LockGuard guard(mutex_);
    if (queue_.is_closed()) refuse();
    if (workers_.size() < max_workers_ && count_tasks() >= idle_) {
      start_worker();
    } else {
      woken = pop_parked();
    }
    runtime::record(trace::Kind::task_submit, task.object(), where, 0, executor);
    InjectionQueue::fill(*queue_.reserve(), task);
    update_needs_notify();
  }
  wake(woken);
}

void Workers::refuse() const {
  if (broken_) throw BrokenThreadPool();
  throw RuntimeError("cannot schedule new futures after shutdown");
}

void Workers::start_worker() {
  auto worker = std::make_unique<Worker>(*this);
  worker->next = first_worker_.load(std::memory_order_relaxed);
  workers_.reserve(workers_.size() + 1);
  worker->thread = runtime::start_thread(
      prefix_ + "_" + std::to_string(workers_.size()),
      [self = worker.get(), pool = shared_from_this()] { pool->work(*self); });
  first_worker_.store(worker.get(), std::memory_order_release);
  workers_.push_back(std::move(worker));
  ++searching_;
  ++idle_;
  incomplete_.store(workers_.size() < max_workers_, std::memory_order_release);
}

// Slow path of a submission, after the task was queued: wakes a worker if none is searching.
void Workers::notify_worker() {
  Worker* woken = nullptr;
  bool broken = false;
  {
    const platform::LockGuard guard(mutex_);
    woken = pop_parked();
    broken = broken_;
    update_needs_notify();
  }
  wake(woken);
  if (broken) discard_queued();
}

Workers::Worker* Workers::pop_parked() noexcept {
  if (searching_ > 0 || parked_ == nullptr) return nullptr;
  ++searching_;
  return std::exchange(parked_, parked_->next_parked);
}

Workers::Worker* Workers::pop_all_parked() noexcept {
  for (Worker* each = parked_; each != nullptr; each = each->next_parked) ++searching_;
  return std::exchange(parked_, nullptr);
}

void Workers::wake(Worker* worker) noexcept {
  if (worker == nullptr) return;
  // Sequence 0: the record of the submission is numbered by the task, not by the pool, for which
  // the worker waits.
  const std::uint32_t waker =
      runtime::session_thread != nullptr ? runtime::session_thread->number : 0;
  worker->woken_by.store(trace::waker(waker, 0), std::memory_order_relaxed);
  worker->word.store(Worker::kAwake, std::memory_order_release);
  runtime::wake(worker->word, 1);
}

void Workers::wake_all(Worker* parked) noexcept {
  while (parked != nullptr) {
    Worker* const next = parked->next_parked;  // read first: a woken worker may park again
    wake(parked);
    parked = next;
  }
}

// Store-load (Dekker) pattern, so sequentially consistent: a worker that parks stores needs_notify_
// and then loads the queues; a submitter stores the task and then loads needs_notify_. At least one
// of them sees the other's store: no lost wake-up.
void Workers::update_needs_notify() noexcept {
  const bool wanted = broken_ || (parked_ != nullptr && searching_ == 0);
  if (needs_notify_.load(std::memory_order_relaxed) != wanted) {
    needs_notify_.store(wanted, std::memory_order_seq_cst);
  }
}

void Workers::close() {
  Worker* parked = nullptr;
  {
    const platform::LockGuard guard(mutex_);
    if (!closed_.load()) runtime::record_exactly(trace::Kind::executor_shutdown, object_);
    closed_.store(true);
    queue_.close();
    parked = pop_all_parked();
    update_needs_notify();
  }
  wake_all(parked);
}

void Workers::join(runtime::Stoppable stoppable, runtime::Where where) {
  if (is_own_thread()) {
    throw RuntimeError("a worker cannot wait for the end of its own executor");
  }
  for (const auto& worker : workers_) {
    runtime::join_thread(*worker->thread, std::nullopt, stoppable, where);
  }
}

bool Workers::is_own_thread() const noexcept {
  return std::ranges::any_of(
      workers_, [](const auto& worker) { return worker->thread.get() == runtime::current; });
}

void Workers::work(Worker& self) {
  own_ = &self;
  struct Leaving {
    ~Leaving() { own_ = nullptr; }
  } const leaving;
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
    const platform::LockGuard guard(mutex_);
    if (!broken_) runtime::record_exactly(trace::Kind::executor_broken, object_);
    broken_ = true;
    queue_.close();
    --searching_;
    --idle_;
    update_needs_notify();
  }
  discard_queued();
}

Task* Workers::next_task(Worker& self) {
  if (++self.tasks_since_poll >= kTasksPerPoll) {
    self.tasks_since_poll = 0;
    if (queue_.seems_to_have_tasks()) {
      const platform::LockGuard guard(mutex_);
      Task* tasks[kBatch];
      self.run_queue.put(tasks, take_fair_share(tasks));
    }
  }
  if (Task* task = self.run_queue.take()) return task;
  if (Task* task = take_queued(self)) return task;
  return search(self);
}

Task* Workers::take_queued(Worker& self) {
  Task* tasks[kBatch];
  Worker* woken = nullptr;
  {
    const platform::LockGuard guard(mutex_);
    const std::size_t count = take_tasks(self, tasks);
    if (count == 0) return nullptr;
    if (self.is_idle) {
      self.is_idle = false;
      --searching_;
      --idle_;
    }
    if (count > 1) self.run_queue.put(tasks + 1, count - 1);
    if (parked_ != nullptr && (count > 1 || seems_to_have_tasks())) woken = pop_parked();
    update_needs_notify();
  }
  wake(woken);
  // The thread's cached time stamp is stale after a long search.
  if (runtime::session_thread != nullptr) runtime::session_thread->forget_stamp();
  return tasks[0];
}

// Tasks for a worker whose run queue is empty: from a stuck victim, else the injection queue, else
// any victim.
std::size_t Workers::take_tasks(Worker& self, Task** tasks) noexcept {
  Worker& victim = self.victim != nullptr ? *self.victim : *first_worker_.load();
  self.victim = victim.next;
  // A victim from which nothing was taken since the last visit may be in a long task: its run queue
  // comes before the injection queue, lest its tasks starve while batches are taken from there.
  const std::size_t taken = victim.run_queue.taken();
  const bool is_stuck = taken == std::exchange(victim.seen_taken, taken);
  if (is_stuck && &victim != &self) {
    if (const std::size_t count = victim.run_queue.steal_half(tasks, kBatch)) return count;
  }
  if (const std::size_t count = take_fair_share(tasks)) return count;
  for (const auto& other : workers_) {
    if (const std::size_t count = other->run_queue.steal_half(tasks, kBatch)) return count;
  }
  return 0;
}

// An equal share of the injection queue, at least one task and at most a batch.
std::size_t Workers::take_fair_share(Task** tasks) noexcept {
  const std::size_t sharers = workers_.size();
  const std::size_t share = (queue_.size(kBatch * sharers) + sharers - 1) / sharers;
  return queue_.take(tasks, std::max<std::size_t>(share, 1));
}

// Searches for tasks, parking when there are none. Returns null once the pool is closed and empty.
Task* Workers::search(Worker& self) {
  for (;;) {
    if (!self.is_idle) {
      const platform::LockGuard guard(mutex_);
      self.is_idle = true;
      ++searching_;
      ++idle_;
      update_needs_notify();
    }
    self.spin.until(
        [this] { return seems_to_have_tasks() || closed_.load(std::memory_order_relaxed); });
    coalesce();
    if (Task* task = take_queued(self)) return task;
    {
      const platform::LockGuard guard(mutex_);
      if (closed_.load(std::memory_order_relaxed) && !seems_to_have_tasks()) break;
      if (!park(self)) continue;
    }
    while (self.word.load(std::memory_order_acquire) == Worker::kParked) {
      runtime::park(
          self.word, Worker::kParked, std::nullopt,
          {.reason = trace::Reason::task, .object = &object_, .ended_by = &self.woken_by});
    }
  }
  Worker* parked = nullptr;
  {
    const platform::LockGuard guard(mutex_);
    --searching_;
    --idle_;
    parked = pop_all_parked();  // they have to end as well
    update_needs_notify();
  }
  wake_all(parked);
  return nullptr;
}

// Coalescing: spins while the injection queue still grows, so that a submitter is not disturbed
// within a burst and the shared cache lines are transferred once per batch instead of once per
// task. Ends with the burst, or after some 6 µs.
void Workers::coalesce() const noexcept {
  constexpr int kPolls = 6;
  constexpr int kPauses = 32;
  std::uintptr_t before = queue_.end();
  int pauses = 1;
  for (int i = 0; i < kPolls; ++i) {
    for (int n = 0; n < pauses; ++n) platform::cpu_pause();
    const std::uintptr_t now = queue_.end();
    if (now == before) return;
    before = now;
    pauses = kPauses;
  }
}

// Publishes itself as parked first and then re-checks for tasks; see update_needs_notify().
bool Workers::park(Worker& self) noexcept {
  --searching_;
  self.woken_by.store(0, std::memory_order_relaxed);
  self.word.store(Worker::kParked, std::memory_order_relaxed);
  self.next_parked = std::exchange(parked_, &self);
  update_needs_notify();
  if (!has_tasks()) return true;
  parked_ = self.next_parked;
  self.word.store(Worker::kAwake, std::memory_order_relaxed);
  ++searching_;
  update_needs_notify();
  return false;
}

bool Workers::has_tasks() noexcept {
  return queue_.first() != nullptr || std::ranges::any_of(workers_, [](const auto& worker) {
           return worker->run_queue.size() > 0;
         });
}

bool Workers::seems_to_have_tasks() const noexcept {
  if (queue_.seems_to_have_tasks()) return true;
  const Worker* worker = first_worker_.load(std::memory_order_acquire);
  while (worker != nullptr && worker->run_queue.size() == 0) worker = worker->next;
  return worker != nullptr;
}

std::size_t Workers::count_tasks() const noexcept {
  std::size_t count = queue_.size(idle_ + 1);
  for (const auto& worker : workers_) count += worker->run_queue.size();
  return count;
}

// Requires that the queue is closed.
void Workers::discard_queued() noexcept {
  for (;;) {
    Task* tasks[kBatch];
    std::size_t count = 0;
    std::exception_ptr why;
    {
      const platform::LockGuard guard(mutex_);
      if (broken_) why = std::make_exception_ptr(BrokenThreadPool());
      for (const auto& worker : workers_) {  // first: these were submitted earlier
        if (count == 0) count = worker->run_queue.steal_half(tasks, kBatch);
      }
      if (count == 0) count = queue_.take(tasks, kBatch);
    }
    if (count == 0) return;
    for (std::size_t i = 0; i < count; ++i) tasks[i]->discard(why);
  }
}

}  // namespace weft::futures
