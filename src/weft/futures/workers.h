#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "weft/futures/task_queue.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/thread.h"

namespace weft::futures {

/// The threads of a ThreadPoolExecutor and their queues. Its owners are the executor and every
/// worker, so that it lasts as long as any of them.
///
/// There is one queue of what other threads submit. A worker takes several tasks of it at once, if
/// there are many, into a ring of its own, where what its tasks submit themselves is put as well; and
/// it runs what is in its ring in that order, but looks into the queue from time to time even if the
/// ring never gets empty. A worker without work takes half of what is in another one's ring: no task
/// waits for another one while there is a worker for it. One worker runs the tasks that other threads
/// submit in the order of submission.
///
/// A worker without work is idle: first it looks for a while, then it parks. At most one worker at
/// a time is woken to look; when it finds work and there is more, it wakes the next. So a burst of
/// submissions costs few wakes, and yet as many workers run as there is work.
///
/// Once all workers there may be are started, who submits takes no lock.
class Workers : public std::enable_shared_from_this<Workers> {
 public:
  Workers(std::uint32_t max_workers, std::string prefix, std::function<void()> initializer);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Takes over one ownership of the task, unless it throws.
  void enqueue(Task& task, const runtime::Where& where);
  void close();
  /// After close().
  void cancel_queued() noexcept { discard_queued(); }
  /// Waits for the end of all workers, after close().
  void join(runtime::Stoppable stoppable, runtime::Where where);
  /// True if the calling thread is one of the workers.
  bool is_own_thread() const noexcept;

  std::uint32_t max_workers() const noexcept { return max_workers_; }
  runtime::Object& object() noexcept { return object_; }

 private:
  struct Worker;

  /// Those outside any session.
  struct Outside {
    platform::Mutex mutex;
    Workers* first = nullptr;  // guarded by mutex, as are the links
    bool process_ends = false;
  };
  static Outside outside;

  static constexpr std::size_t kBatch = 32;
  static constexpr std::uint32_t kTasksALook = 64;  // into the queue while there is other work

  void enqueue_and_start(Task& task, const runtime::Where& where);
  [[noreturn]] void refuse() const;  // with mutex_ held
  void start_worker();               // with mutex_ held
  void attend();
  Worker* one_to_wake() noexcept;  // with mutex_ held; counts it among those who look
  static void wake(Worker* worker) noexcept;
  static void wake_all(Worker* parked) noexcept;
  Worker* all_parked() noexcept;        // with mutex_ held; counts them among those who look
  void update_attention() noexcept;     // with mutex_ held, after changes of what it tells
  void work(Worker& self);
  void await_process_end();
  static void close_all() noexcept;
  bool initialize();
  void fail();
  Task* next_task(Worker& self);
  Task* take_queued(Worker& self);
  std::size_t take_some(Worker& self, Task** tasks) noexcept;  // with mutex_ held
  std::size_t take_share(Task** tasks) noexcept;               // with mutex_ held
  Task* look(Worker& self);
  void let_more_come() const noexcept;
  bool park(Worker& self) noexcept;  // with mutex_ held; false if there is work
  bool has_tasks() noexcept;         // with mutex_ held
  bool seems_to_have_tasks() const noexcept;
  std::size_t count_tasks() const noexcept;  // with mutex_ held
  void discard_queued() noexcept;

  static constinit thread_local Worker* own_;  // what the calling thread is, in whichever pool

  const std::uint32_t max_workers_;
  const std::string prefix_;
  const std::function<void()> initializer_;
  runtime::Object object_{trace::ObjectType::executor};

  Workers* next_ = nullptr;  // in `outside`
  Workers* previous_ = nullptr;

  TaskQueue queue_;  // who takes has mutex_

  alignas(64) platform::Mutex mutex_;
  Worker* parked_ = nullptr;   // guarded by mutex_; most recently parked first: its cache is warm
  std::uint32_t looking_ = 0;  // guarded by mutex_, as is all below
  std::uint32_t idle_ = 0;     // those who look and those who are parked
  bool broken_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;  // fixed after close()

  // Written under mutex_, read by everybody.
  alignas(64) std::atomic<bool> incomplete_{true};  // further workers may be started
  std::atomic<bool> attention_{false};  // who puts in a task is to call attend()
  std::atomic<bool> closed_{false};
  std::atomic<Worker*> first_worker_{nullptr};
};

}  // namespace weft::futures
