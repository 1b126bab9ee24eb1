#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "weft/threading/event.h"
#include "weft/threading/thread.h"

namespace weft::threading {

/// A thread that waits and then calls a function, unless it is cancelled before.
/// Python: https://docs.python.org/3/library/threading.html#timer-objects
///
/// | state              | cancel                             |
/// | ------------------ | ---------------------------------- |
/// | not started        | it will end without a call         |
/// | waiting            | -> ended, without a call           |
/// | calling, or ended  | no effect                          |
///
/// It is a Thread: start() begins the interval, join() waits for the call, and the destructor waits for
/// it, too: cancel() first where that is not wanted. The function may destroy or replace the timer that
/// calls it, as a periodic one does that makes the next.
class Timer : public Thread {
 public:
  /// A timer that will call `function` once `interval` has passed since start(), at once if that is
  /// negative.
  Timer(std::chrono::nanoseconds interval, runtime::Callable function, std::string name = {})
      : Timer(std::make_shared<Event>(), interval, std::move(function), std::move(name)) {}

  /// As above, `function(arguments…)`: as for Thread.
  template <class F, class... Arguments>
    requires runtime::kTakes<F, Arguments...>
  Timer(std::chrono::nanoseconds interval, F&& function, Arguments&&... arguments)
      : Timer(interval, runtime::bind_once(std::forward<F>(function),
                                           std::forward<Arguments>(arguments)...)) {}

  /// Prevents the call if it has not begun. Never blocks. No effect if the object was moved from.
  void cancel() {
    if (finished_ != nullptr) finished_->set();
  }

 private:
  Timer(std::shared_ptr<Event> finished, std::chrono::nanoseconds interval,
        runtime::Callable function, std::string name);

  std::shared_ptr<Event> finished_;
};

}  // namespace weft::threading
