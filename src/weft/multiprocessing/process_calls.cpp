#include "weft/multiprocessing/process_calls.h"

#include <mutex>

#include "weft/errors.h"
#include "weft/runtime/park.h"

namespace weft::multiprocessing {

bool ProcessCall::succeed(std::uint32_t, std::uint32_t, pool_protocol::Reader& results) {
  try {
    take_result(results);
  } catch (...) {
    fail_with(std::current_exception());
  }
  finished();
  return true;
}

bool ProcessCall::fail(std::uint32_t, std::uint32_t, std::exception_ptr error) {
  fail_with(error);
  finished();
  return true;
}

void ProcessCall::fail_all(const std::exception_ptr& error) noexcept {
  fail_with(error);
  finished();
}

void ProcessCall::finished() noexcept {
  if (const auto calls = std::move(calls_)) calls->one_less();
}

// The workers, which the first call starts.
std::shared_ptr<PoolCore> ProcessCalls::started() {
  for (;;) {
    {
      const std::lock_guard guard(mutex_);
      if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
      if (core_ != nullptr) return core_;
      if (starting_.exchange(1) == 0) break;
    }
    runtime::park(starting_, 1, std::nullopt,
                  {trace::Reason::pool, nullptr, runtime::Where(), true});
  }
  const struct Started {
    std::atomic<std::uint32_t>& starting;
    ~Started() {
      starting.store(0);
      runtime::wake(starting);
    }
  } started{starting_};
  std::shared_ptr<PoolCore> core = PoolCore::start(options_);
  const std::lock_guard guard(mutex_);
  core_ = core;
  return core;
}

void ProcessCalls::submit(std::shared_ptr<ProcessCall> call) {
  const auto core = started();
  if (core->is_broken()) std::rethrow_exception(options_.broken);
  {
    const std::lock_guard guard(mutex_);
    if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
    pending_.push_back(std::move(call));
  }
  pump();
}

// Sends what waits, as far as the workers want it.
void ProcessCalls::pump() {
  for (;;) {
    std::shared_ptr<ProcessCall> call;
    std::shared_ptr<PoolCore> core;
    {
      const std::lock_guard guard(mutex_);
      if (pending_.empty() || with_workers_ > options_.processes) return;
      call = std::move(pending_.front());
      pending_.pop_front();
      core = core_;
      ++with_workers_;
    }
    if (!call->begin()) {
      one_less();
      continue;
    }
    call->calls_ = shared_from_this();
    try {
      const std::uint32_t job = core->add(call);
      call->send(*core, job);
    } catch (...) {
      call->fail_all(std::current_exception());
    }
  }
}

// A call has left the workers.
void ProcessCalls::one_less() noexcept {
  bool done = false;
  {
    const std::lock_guard guard(mutex_);
    --with_workers_;
    done = shut_down_ && pending_.empty() && with_workers_ == 0;
  }
  if (done) {
    drained_.complete();
  } else {
    pump();
  }
}

void ProcessCalls::shutdown(bool wait, bool cancel, runtime::Stoppable stoppable,
                            runtime::Where where) {
  std::deque<std::shared_ptr<ProcessCall>> cancelled;
  std::shared_ptr<PoolCore> core;
  {
    const std::lock_guard guard(mutex_);
    shut_down_ = true;
    core = core_;
    if (cancel) cancelled.swap(pending_);
    if (pending_.empty() && with_workers_ == 0) drained_.complete();
  }
  for (const auto& call : cancelled) call->cancel();
  if (!wait || core == nullptr) return;
  drained_.wait(std::nullopt, where, stoppable);
  core->close();
  core->join(stoppable, where);
}

std::vector<ProcessRef> ProcessCalls::workers() {
  std::shared_ptr<PoolCore> core;
  {
    const std::lock_guard guard(mutex_);
    core = core_;
  }
  return core != nullptr ? core->workers() : std::vector<ProcessRef>();
}

}  // namespace weft::multiprocessing
