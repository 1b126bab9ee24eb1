#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "weft/futures/internal/injection_queue.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/object.h"

namespace weft::futures {

/// The worker threads and queues of a ThreadPoolExecutor: a work-stealing scheduler. Owned jointly
/// by the executor and each worker thread.
///
/// Other threads submit to a shared InjectionQueue. Each worker has a local FIFO RunQueue, to which
/// its own tasks submit. A worker runs its local tasks, and every kTasksPerPoll of them polls the
/// injection queue, for fairness (Go's scheduler does so every 61). When its run queue is empty, it
/// takes its fair share of the injection queue, as a batch, or steals half of another worker's run
/// queue (Hendler & Shavit). So no task waits behind another while a worker is idle. A single
/// worker runs the tasks that other threads submit in the order of submission.
///
/// A worker without tasks is idle: it first searches, spinning, and then parks. Wake-ups are
/// throttled as by Go's spinning Ms and tokio's searching workers: a submission wakes a parked
/// worker only if none is searching; a searching worker that finds several tasks wakes the next. A
/// burst of submissions thus costs few wake-ups, and parallelism still grows with the number of
/// tasks.
///
/// Once all `max_workers` threads are started, submission takes no lock unless it has to wake a
/// worker.
class Workers : public std::enable_shared_from_this<Workers> {
 public:
  Workers(std::uint32_t max_workers, std::string prefix, std::function<void()> initializer);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Submits the task. Takes over one reference to it, unless it throws: RuntimeError after
  /// close(), or BrokenThreadPool.
  void enqueue(Task& task, const runtime::Where& where);
  /// Stops accepting tasks and wakes all parked workers, which end once no tasks are left.
  void close();
  /// Cancels what is queued. Requires a preceding close().
  void cancel_queued() noexcept { discard_queued(); }
  /// Joins all workers. Requires a preceding close(). Throws RuntimeError on a worker's own thread.
  // Not analysed, as the next: reads workers_ without mutex_, since it is constant after close().
  void join(runtime::Stoppable stoppable, runtime::Where where) WEFT_NO_THREAD_SAFETY_ANALYSIS;
  /// True if the calling thread is one of the workers. Requires a preceding close().
  bool is_own_thread() const noexcept WEFT_NO_THREAD_SAFETY_ANALYSIS;

  std::uint32_t max_workers() const noexcept { return max_workers_; }
  runtime::Object& object() noexcept { return object_; }

 private:
  struct Worker;

  /// Registry of the pools outside any session, which the end of the process closes.
  struct Outside {
    platform::Mutex mutex;
    Workers* first WEFT_GUARDED_BY(mutex) = nullptr;
    bool process_ends WEFT_GUARDED_BY(mutex) = false;
  };
  static Outside outside;

  static constexpr std::size_t kBatch = 32;           // most tasks taken or stolen at once
  static constexpr std::uint32_t kTasksPerPoll = 64;  // local tasks run between polls of the queue

  void enqueue_and_start(Task& task, const runtime::Where& where);
  [[noreturn]] void refuse() const WEFT_REQUIRES(mutex_);
  void start_worker() WEFT_REQUIRES(mutex_);
  void notify_worker();
  // Dequeues it and counts it as searching, as does the next with all.
  Worker* pop_parked() noexcept WEFT_REQUIRES(mutex_);
  Worker* pop_all_parked() noexcept WEFT_REQUIRES(mutex_);
  static void wake(Worker* worker) noexcept;
  static void wake_all(Worker* parked) noexcept;
  // Called after changes of searching_, parked_ and broken_.
  void update_needs_notify() noexcept WEFT_REQUIRES(mutex_);
  void work(Worker& self);
  void await_process_end();
  static void close_all() noexcept;
  bool initialize();
  void fail();
  Task* next_task(Worker& self);
  Task* take_queued(Worker& self);
  std::size_t take_tasks(Worker& self, Task** tasks) noexcept WEFT_REQUIRES(mutex_);
  std::size_t take_fair_share(Task** tasks) noexcept WEFT_REQUIRES(mutex_);
  Task* search(Worker& self);
  void coalesce() const noexcept;
  // Returns false, and is not parked, if there are tasks.
  bool park(Worker& self) noexcept WEFT_REQUIRES(mutex_);
  bool has_tasks() noexcept WEFT_REQUIRES(mutex_);
  bool seems_to_have_tasks() const noexcept;  // lock-free; may return a false positive
  std::size_t count_tasks() const noexcept WEFT_REQUIRES(mutex_);
  void discard_queued() noexcept;

  static constinit thread_local Worker* own_;  // the calling thread's worker, of any pool; or null

  const std::uint32_t max_workers_;
  const std::string prefix_;
  const std::function<void()> initializer_;
  runtime::Object object_{trace::ObjectType::executor};

  Workers* next_ WEFT_GUARDED_BY(outside.mutex) = nullptr;  // intrusive list of `outside`
  Workers* previous_ WEFT_GUARDED_BY(outside.mutex) = nullptr;

  InjectionQueue queue_;  // consumers hold mutex_

  alignas(64) platform::Mutex mutex_;
  Worker* parked_ WEFT_GUARDED_BY(mutex_) = nullptr;  // LIFO: the last one parked has a warm cache
  std::uint32_t searching_ WEFT_GUARDED_BY(mutex_) = 0;  // number of searching workers
  std::uint32_t idle_ WEFT_GUARDED_BY(mutex_) = 0;       // number of searching and parked workers
  bool broken_ WEFT_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Worker>> workers_ WEFT_GUARDED_BY(mutex_);  // constant after close()

  // Written under mutex_, read without it.
  alignas(64) std::atomic<bool> incomplete_{true};  // fewer than max_workers_ are started
  // Set while a submitter must call notify_worker(): a worker is parked and none is searching, or
  // the pool is broken.
  std::atomic<bool> needs_notify_{false};
  std::atomic<bool> closed_{false};
  std::atomic<Worker*> first_worker_{nullptr};
};

}  // namespace weft::futures
