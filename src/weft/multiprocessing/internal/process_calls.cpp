#include "weft/multiprocessing/internal/process_calls.h"

#include "weft/errors.h"
#include "weft/runtime/park.h"

namespace weft::multiprocessing {

namespace {

/// On this thread's stack while it completes a call and runs the callbacks of its future.
class Ending {
 public:
  explicit Ending(const ProcessCalls* calls) noexcept : calls_(calls), outer_(innermost) {
    innermost = this;
  }
  ~Ending() { innermost = outer_; }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  static bool has(const ProcessCalls* calls) noexcept {
    const Ending* each = innermost;
    while (each != nullptr && each->calls_ != calls) each = each->outer_;
    return each != nullptr;
  }

 private:
  static inline thread_local const Ending* innermost = nullptr;

  const ProcessCalls* const calls_;
  const Ending* const outer_;
};

}  // namespace

bool ProcessCall::succeed(std::uint32_t, std::uint32_t calls, pool_protocol::Reader& results) {
  if (!finish()) return true;
  {
    const Ending ending(calls_.get());
    try {
      take_result(calls, results);
    } catch (...) {
      fail_with(std::current_exception());
    }
  }
  left();
  return true;
}

bool ProcessCall::fail(std::uint32_t, std::uint32_t, std::exception_ptr error) {
  fail_all(error);
  return true;
}

void ProcessCall::fail_all(const std::exception_ptr& error) noexcept {
  if (!finish()) return;
  {
    const Ending ending(calls_.get());
    fail_with(error);
  }
  left();
}

// The call has left the workers: makes room for the next one.
void ProcessCall::left() noexcept {
  const auto calls = std::move(calls_);
  calls->leave();
  calls->pump();
}

// Returns the pool; the first call starts it.
std::shared_ptr<PoolCore> ProcessCalls::started() {
  for (;;) {
    {
      const platform::LockGuard guard(mutex_);
      if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
      if (core_ != nullptr) return core_;
      if (starting_.exchange(1) == 0) break;
    }
    await_start(runtime::Stoppable::yes, runtime::Where());
  }
  const struct Started {
    std::atomic<std::uint32_t>& starting;
    ~Started() {
      starting.store(0);
      runtime::wake(starting);
    }
  } started{starting_};
  std::shared_ptr<PoolCore> core = PoolCore::start(options_);
  {
    const platform::LockGuard guard(mutex_);
    core_ = core;
  }
  complete_if_drained();  // shutdown() may have run meanwhile
  return core;
}

// Blocks while another thread is starting the workers.
void ProcessCalls::await_start(runtime::Stoppable stoppable, runtime::Where where) {
  while (starting_.load() != 0) {
    runtime::park(starting_, 1, std::nullopt, {trace::Reason::pool, nullptr, where, true},
                  stoppable);
  }
}

void ProcessCalls::submit(std::shared_ptr<ProcessCall> call) {
  const auto core = started();
  if (core->is_broken()) std::rethrow_exception(options_.broken);
  {
    const platform::LockGuard guard(mutex_);
    if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
    pending_.push_back(std::move(call));
  }
  pump();
}

// Sends pending calls until the bound on calls in flight is reached.
void ProcessCalls::pump() noexcept {
  const auto kept = shared_from_this();  // a callback may destroy the executor
  for (;;) {
    std::shared_ptr<ProcessCall> call;
    std::shared_ptr<PoolCore> core;
    {
      const platform::LockGuard guard(mutex_);
      if (pending_.empty() || with_workers_ > options_.processes) return;
      call = std::move(pending_.front());
      pending_.pop_front();
      core = core_;
      ++with_workers_;
    }
    if (call->begin()) {
      send(call, *core);
    } else {
      leave();
    }
  }
}

void ProcessCalls::send(const std::shared_ptr<ProcessCall>& call, PoolCore& core) noexcept {
  call->calls_ = shared_from_this();
  try {
    PoolCore::Sending sending(core, call);
    call->send(sending);
  } catch (...) {
    if (!call->finish()) return;
    {
      const Ending ending(this);
      call->fail_with(std::current_exception());
    }
    call->calls_.reset();
    leave();
  }
}

// A call is no longer in flight.
void ProcessCalls::leave() noexcept {
  {
    const platform::LockGuard guard(mutex_);
    --with_workers_;
  }
  complete_if_drained();
}

// After shutdown: closes the pool once no call is pending or in flight.
void ProcessCalls::complete_if_drained() noexcept {
  std::shared_ptr<PoolCore> core;
  {
    const platform::LockGuard guard(mutex_);
    if (!shut_down_ || !pending_.empty() || with_workers_ != 0) return;
    core = core_;
  }
  if (core != nullptr) core->close();
  drained_.complete();
}

void ProcessCalls::shutdown(bool wait, bool cancel, runtime::Stoppable stoppable,
                            runtime::Where where) {
  std::deque<std::shared_ptr<ProcessCall>> cancelled;
  {
    const platform::LockGuard guard(mutex_);
    shut_down_ = true;
    if (cancel) cancelled.swap(pending_);
  }
  for (const auto& call : cancelled) call->cancel();
  complete_if_drained();
  if (!wait) return;
  if (is_called_back()) throw RuntimeError("cannot join current thread");
  await_start(stoppable, where);
  drained_.wait(std::nullopt, where, stoppable);
  if (const auto core = this->core()) core->join(stoppable, where);
}

bool ProcessCalls::is_called_back() const noexcept { return Ending::has(this); }

std::vector<ProcessRef> ProcessCalls::workers() {
  const auto core = this->core();
  return core != nullptr ? core->workers() : std::vector<ProcessRef>();
}

// A worker that is ended so has died: that breaks the pool, and what is in flight fails.
void ProcessCalls::end_workers(void (ProcessRef::*end)() const) {
  shutdown(false, true, runtime::Stoppable::no, runtime::Where());
  for (const ProcessRef& worker : workers()) (worker.*end)();
}

std::shared_ptr<PoolCore> ProcessCalls::core() {
  const platform::LockGuard guard(mutex_);
  return core_;
}

}  // namespace weft::multiprocessing
