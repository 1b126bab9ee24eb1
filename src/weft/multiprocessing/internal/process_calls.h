#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <vector>

#include "weft/multiprocessing/async_result.h"
#include "weft/multiprocessing/internal/pool_core.h"
#include "weft/platform/mutex.h"

namespace weft::multiprocessing {

class ProcessCalls;

/// A call submitted to a ProcessPoolExecutor.
class ProcessCall : public PoolJob {
 public:
  /// Pending -> running. Returns false if it was cancelled.
  virtual bool begin() = 0;
  virtual void cancel() = 0;
  /// Sends it to the workers.
  virtual void send(PoolCore::Sending& sending) = 0;

  bool succeed(std::uint32_t, std::uint32_t calls, pool_protocol::Reader& results) override;
  bool fail(std::uint32_t, std::uint32_t, std::exception_ptr error) override;
  void fail_all(const std::exception_ptr& error) noexcept override;

 protected:
  virtual void take_result(std::uint32_t calls, pool_protocol::Reader& results) = 0;
  virtual void fail_with(const std::exception_ptr& error) noexcept = 0;

 private:
  friend class ProcessCalls;
  bool finish() noexcept { return !finished_.exchange(true); }
  void left() noexcept;

  std::atomic<bool> finished_{false};    // the result and the end of the pool may race
  std::shared_ptr<ProcessCalls> calls_;  // while it is in flight
};

/// The type-erased implementation of ProcessPoolExecutor. Pending calls wait here, where they can
/// be cancelled; the number of calls in flight is bounded, just high enough to keep the workers
/// busy.
class ProcessCalls : public std::enable_shared_from_this<ProcessCalls> {
 public:
  explicit ProcessCalls(PoolCore::Options options) : options_(std::move(options)) {}

  void submit(std::shared_ptr<ProcessCall> call);
  void shutdown(bool wait, bool cancel, runtime::Stoppable stoppable, runtime::Where where);
  std::vector<ProcessRef> workers();
  /// Shuts down without waiting, cancels what is pending, and ends the workers by `end`.
  void end_workers(void (ProcessRef::*end)() const);
  /// True inside a callback of one of its futures, where a blocking shutdown would wait for itself.
  bool is_called_back() const noexcept;

 private:
  friend class ProcessCall;

  /// Completed after shutdown, once no call is pending or in flight.
  class Drained : public Completion {
   public:
    using Completion::complete;
  };

  std::shared_ptr<PoolCore> started();
  void pump() noexcept;
  void send(const std::shared_ptr<ProcessCall>& call, PoolCore& core) noexcept;
  void leave() noexcept;
  void complete_if_drained() noexcept;
  void await_start(runtime::Stoppable stoppable, runtime::Where where);
  std::shared_ptr<PoolCore> core();

  const PoolCore::Options options_;
  platform::Mutex mutex_;
  std::shared_ptr<PoolCore> core_ WEFT_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<ProcessCall>> pending_ WEFT_GUARDED_BY(mutex_);
  std::uint32_t with_workers_ WEFT_GUARDED_BY(mutex_) = 0;
  bool shut_down_ WEFT_GUARDED_BY(mutex_) = false;
  std::atomic<std::uint32_t> starting_{0};  // futex word; 1: a thread is starting the workers
  Drained drained_;
};

}  // namespace weft::multiprocessing
