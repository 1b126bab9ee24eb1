#pragma once

#include <atomic>
#include <utility>

#include "support/eventually.h"
#include "weft/runtime/internal/thread_state.h"
#include "weft/threading/thread.h"

namespace weft::test {

/// A thread that runs `body` from the moment it is made, and that can be seen asleep. Needs a
/// session on the thread that makes it: outside one nobody keeps track of who sleeps.
class Background {
 public:
  template <class Body>
  explicit Background(Body body)
      : thread_([this, body = std::move(body)]() mutable {
          state_.store(runtime::current);
          body();
        }) {
    thread_.start();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Waits until the thread sleeps in runtime::park or is just about to, which means that whoever
  /// has to know of it does. False if it never does.
  bool falls_asleep() const {
    return eventually([this] {
      const runtime::ThreadState* state = state_.load();
      return state != nullptr && state->parked_on.load() != nullptr;
    });
  }

  /// Waits for its end. False if it never ends, or if nobody is told of it: then join sleeps until
  /// its timeout.
  bool ends() {
    const auto waited = time_of([this] { thread_.join(kLongEnough); });
    return !thread_.is_alive() && waited < kLongEnough;
  }

  bool is_alive() const { return thread_.is_alive(); }
  threading::Thread& thread() { return thread_; }

 private:
  std::atomic<runtime::ThreadState*> state_{nullptr};
  threading::Thread thread_;  // last: it uses the rest from the start
};

}  // namespace weft::test
