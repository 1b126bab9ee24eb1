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
#include "weft/runtime/spin.h"
#include "weft/runtime/thread.h"

namespace weft::futures {

/// The threads of a ThreadPoolExecutor and their queue. Its owners are the executor and every
/// worker, so that it lasts as long as any of them.
///
/// A worker without work is idle: first it looks for a while, then it parks. At most one worker at
/// a time is woken to look; when it finds work and there is more, it wakes the next. So a burst of
/// submissions costs few wakes, and yet as many workers run as there is work.
///
/// When all workers there may be are busy, each takes several tasks at once and keeps the rest of
/// its batch where others can get it. A worker gives its rest back as soon as it sees that another
/// is idle, and one that becomes idle calls the others' rests back: no task waits for another one
/// while there is a worker for it. One worker runs tasks in the order of submission.
class Workers : public std::enable_shared_from_this<Workers> {
 public:
  Workers(std::uint32_t max_workers, std::string prefix, std::function<void()> initializer);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Takes over one ownership of the task, unless it throws.
  void enqueue(Task& task);
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

  static constexpr std::size_t kBatch = 32;

  void start_worker();        // with mutex_ held
  Worker* one_to_wake();      // with mutex_ held; counts it among those who look
  static void wake(Worker* worker) noexcept;
  void work(Worker& self);
  bool initialize();
  void fail();
  Task* next_task(Worker& self);
  Task* take_own(Worker& self);
  Task* take_queued(Worker& self);
  Task* look(Worker& self);
  void call_back_rests() noexcept;        // with mutex_ held
  void call_back_stuck_rests() noexcept;  // with mutex_ held
  void give_back(Worker& self);
  void set_queued() noexcept;       // with mutex_ held, after changes of queue_
  void discard_queued() noexcept;

  const std::uint32_t max_workers_;
  const std::string prefix_;
  const std::function<void()> initializer_;
  runtime::Object object_{trace::ObjectType::executor};

  alignas(64) platform::Mutex mutex_;
  TaskQueue queue_;          // guarded by mutex_, as is all below
  Worker* parked_ = nullptr;  // most recently parked first: its cache is warm
  std::uint32_t looking_ = 0;
  bool broken_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;  // fixed after close()

  // Written under mutex_, read by those who look.
  std::atomic<std::uint32_t> idle_{0};  // those who look and those who are parked
  std::atomic<std::size_t> queued_{0};
  std::atomic<bool> closed_{false};
  std::atomic<bool> discards_{false};  // what has not begun is not to begin any more
};

}  // namespace weft::futures
