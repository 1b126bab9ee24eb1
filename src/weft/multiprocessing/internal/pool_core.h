#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/multiprocessing/internal/message_queue.h"
#include "weft/multiprocessing/internal/pool_protocol.h"
#include "weft/multiprocessing/internal/pool_worker.h"
#include "weft/multiprocessing/process.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/thread_state.h"

namespace weft::multiprocessing {

/// A pending result: it receives what the tasks of one job return. succeed() and fail() are called
/// by the pool's result thread, one at a time; fail_all() by any thread.
class PoolJob {
 public:
  virtual ~PoolJob() = default;
  /// The results of the task with that index, as items. Returns true if that completes the job.
  virtual bool succeed(std::uint32_t index, std::uint32_t calls,
                       pool_protocol::Reader& results) = 0;
  /// A call of the task threw `error`. Returns true if that completes the job.
  virtual bool fail(std::uint32_t index, std::uint32_t calls, std::exception_ptr error) = 0;
  /// No further result will come.
  virtual void fail_all(const std::exception_ptr& error) noexcept = 0;
};

/// A pool of worker processes, the basis of Pool and ProcessPoolExecutor. Tasks go to the workers
/// through a queue, results come back through a second one. One thread of the pool takes the
/// results; another, the worker handler, replaces workers that died.
///
/// Owned by a std::shared_ptr, which its threads share.
class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  struct Options {
    std::uint32_t processes = 1;
    PoolInitializer initializer = {};
    std::uint32_t max_tasks = 0;  ///< tasks per worker, which is then replaced; 0: unlimited
    /// If set, the death of a worker breaks the pool, and all jobs fail with this. Null: the worker
    /// is replaced.
    std::exception_ptr broken = nullptr;
    bool workers_have_children = false;  ///< allowed in Python's executors, not in its pools
    std::string name = {};
  };

  static std::shared_ptr<PoolCore> start(Options options);
  explicit PoolCore(Options options);
  ~PoolCore();
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;

  /// Registers a job while its tasks are being sent.
  class Sending;

  /// Accepts no more jobs; the workers end when all tasks are done.
  void close() noexcept;
  /// Terminates the workers; all jobs fail.
  void terminate() noexcept;
  /// After close() or terminate(): blocks until the workers and the pool's threads have ended.
  /// Throws RuntimeError on one of the pool's own threads, that is in a callback.
  void join(runtime::Stoppable stoppable, runtime::Where where);
  /// True on one of the pool's own threads.
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
  void unregister(std::uint32_t job) noexcept;
  void start_worker();
  void start_threads();
  void start_thread(std::shared_ptr<runtime::ThreadState>& thread, const char* name,
                    void (PoolCore::*run)());
  void handle_results();
  void handle_result(ipc::ReceivedMessage& message);
  void fail_initialization(const std::string& why) noexcept;
  void supervise_workers();
  void reap(std::uint32_t number, bool abrupt);
  bool has_workers();
  bool has_tasks();
  bool is_staffed();
  void break_pool() noexcept;
  void fail_pool(const std::exception_ptr& error) noexcept;
  void fail_all(const std::exception_ptr& error) noexcept;
  std::shared_ptr<PoolJob> job(std::uint32_t number);

  const Options options_;
  ipc::ObjectHandle handle_;
  runtime::Object object_{trace::ObjectType::pool};
  MessageQueue tasks_;
  MessageQueue results_;
  std::atomic<Phase> phase_{Phase::open};

  platform::Mutex mutex_;
  std::unordered_map<std::uint32_t, std::shared_ptr<PoolJob>> jobs_ WEFT_GUARDED_BY(mutex_);
  std::uint32_t next_job_ WEFT_GUARDED_BY(mutex_) = 0;
  std::uint32_t senders_ WEFT_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Process>> workers_ WEFT_GUARDED_BY(mutex_);
  std::uint32_t worker_names_ = 0;  // used by one thread at a time, as is the next
  std::uint32_t reaped_ = 0;        // how many ended processes were reaped so far
  std::shared_ptr<runtime::ThreadState> result_handler_;
  std::shared_ptr<runtime::ThreadState> worker_handler_;
};

/// Lifetime: from the registration of a job until all of its tasks are sent. A pool closed
/// meanwhile still executes them; one that terminates or breaks fails the job. If sending throws,
/// the destructor unregisters the job.
class PoolCore::Sending {
 public:
  /// Throws ValueError if the pool is not open, or the error that broke it.
  Sending(PoolCore& core, std::shared_ptr<PoolJob> job);
  ~Sending();
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;

  /// The job's number, which its tasks carry.
  std::uint32_t job() const noexcept { return job_; }
  /// The pool's number in the trace.
  std::uint32_t pool() const noexcept { return core_.handle_.ref().number(); }
  /// Sends a task: a header, the function's name, the arguments as items.
  void send(OutgoingMessage& task);

 private:
  PoolCore& core_;
  const std::uint32_t job_;
  const int exceptions_;
};

}  // namespace weft::multiprocessing
