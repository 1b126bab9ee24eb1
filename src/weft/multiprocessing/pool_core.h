#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/multiprocessing/message_queue.h"
#include "weft/multiprocessing/pool_protocol.h"
#include "weft/multiprocessing/pool_worker.h"
#include "weft/multiprocessing/process.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/thread_state.h"

namespace weft::multiprocessing {

/// What somebody waits for whom a pool works for. Its functions are called by the pool's own thread, one
/// at a time, but for `fail_all`.
class PoolJob {
 public:
  virtual ~PoolJob() = default;
  /// What the calls of the task of that index returned, as items. True if that was the last of the job.
  virtual bool succeed(std::uint32_t index, std::uint32_t calls, pool_protocol::Reader& results) = 0;
  /// One of them threw that.
  virtual bool fail(std::uint32_t index, std::uint32_t calls, std::exception_ptr error) = 0;
  /// There will be no further result.
  virtual void fail_all(const std::exception_ptr& error) noexcept = 0;
};

/// Processes that work on tasks of the process that made them: what Pool and ProcessPoolExecutor are built
/// on. Tasks go to the workers through a queue, results come back through another one. A thread of the
/// pool takes the results; another one sees to the workers.
///
/// Lives in a std::shared_ptr, as its threads use it.
class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  struct Options {
    std::uint32_t processes = 1;
    PoolInitializer initializer = {};
    std::uint32_t most_tasks = 0;  ///< of a worker, which is then replaced; 0: no limit
    /// With what all jobs fail once a worker has died: the pool is broken then. Null: the worker is replaced.
    std::exception_ptr broken = nullptr;
    bool workers_have_children = false;  ///< as Python's executors' may, and its pools' may not
    std::string name = {};
  };

  static std::shared_ptr<PoolCore> start(Options options);
  explicit PoolCore(Options options);
  ~PoolCore();
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;

  /// A job while its tasks are sent.
  class Sending;

  /// No more jobs: the workers end when all is done.
  void close() noexcept;
  /// Ends the workers now; all jobs fail.
  void terminate() noexcept;
  /// After one of the two: blocks until the workers and the pool's threads have ended. Throws RuntimeError
  /// in a thread of the pool's own, that is in a callback.
  void join(runtime::Stoppable stoppable, runtime::Where where);
  /// True if the caller is a thread of the pool's own.
  bool is_own_thread() const noexcept;

  bool is_broken() const noexcept { return phase_.load() == Phase::broken; }
  bool open() const noexcept { return phase_.load() == Phase::open; }
  std::uint32_t processes() const noexcept { return options_.processes; }
  std::vector<ProcessRef> workers();

 private:
  enum class Phase { open, closed, terminated, broken };

  std::uint32_t begin_sending(std::shared_ptr<PoolJob> job);
  void end_sending() noexcept;
  void end_tasks() noexcept;
  void forget(std::uint32_t job) noexcept;
  void start_worker();
  void start_threads();
  void start_thread(std::shared_ptr<runtime::ThreadState>& thread, const char* name,
                    void (PoolCore::*run)());
  void take_results();
  void take_result(Incoming& message);
  void fail_initialization(const std::string& why) noexcept;
  void see_to_workers();
  void bury(std::uint32_t number, bool abrupt);
  bool has_workers();
  bool has_tasks();
  bool is_staffed();
  void break_up() noexcept;
  void give_up(const std::exception_ptr& error) noexcept;
  void fail_all(const std::exception_ptr& error) noexcept;
  std::shared_ptr<PoolJob> job(std::uint32_t number);

  const Options options_;
  Hold hold_;
  runtime::Object object_{trace::ObjectType::pool};
  MessageQueue tasks_;
  MessageQueue results_;
  std::atomic<Phase> phase_{Phase::open};

  platform::Mutex mutex_;
  std::unordered_map<std::uint32_t, std::shared_ptr<PoolJob>> jobs_;  // guarded by mutex_
  std::uint32_t next_job_ = 0;                                        // guarded by mutex_
  std::uint32_t senders_ = 0;                                         // guarded by mutex_
  std::vector<std::unique_ptr<Process>> workers_;                     // guarded by mutex_
  std::uint32_t worker_names_ = 0;  // used by one thread at a time, as is the next
  std::uint32_t buried_ = 0;        // of the processes that have ended
  std::shared_ptr<runtime::ThreadState> taker_;
  std::shared_ptr<runtime::ThreadState> keeper_;
};

/// From when the pool has taken the job until all of its tasks are sent: a pool that is closed meanwhile
/// does them, and one that ends or breaks fails the job, which was taken before. A job that cannot be sent
/// is none of the pool's any more.
class PoolCore::Sending {
 public:
  /// Throws ValueError if the pool is not open, or the error with which it broke.
  Sending(PoolCore& core, std::shared_ptr<PoolJob> job);
  ~Sending();
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;

  /// By which the tasks name it.
  std::uint32_t job() const noexcept { return job_; }
  /// The pool's number in the trace.
  std::uint32_t pool() const noexcept { return core_.hold_.ref().number(); }
  /// Sends a task: a header, the name of the function, items.
  void send(OutgoingMessage& task);

 private:
  PoolCore& core_;
  const std::uint32_t job_;
  const int exceptions_;
};

}  // namespace weft::multiprocessing
