#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "weft/threading/event.h"
#include "weft/threading/thread.h"

namespace weft::threading {

/// A thread that calls a function after an interval, unless it is cancelled first.
/// Python: https://docs.python.org/3/library/threading.html#timer-objects
///
/// | state              | cancel                             |
/// | ------------------ | ---------------------------------- |
/// | not started        | once started, ends without a call  |
/// | waiting            | -> ended, without a call           |
/// | calling, or ended  | no effect                          |
///
/// As it is a Thread, start() begins the interval, and join() and the destructor block until the
/// call has returned; call cancel() first to avoid that. The function may destroy or replace the
/// timer that calls it, so that a periodic timer can create its successor.
///
/// Example:
///     Timer timer(30s, [] { print("late"); });
///     timer.start();
///     work();
///     timer.cancel();
class Timer : public Thread {
 public:
  /// A timer that will call `function` when `interval` has elapsed since start(); a negative one
  /// counts as 0.
  Timer(std::chrono::nanoseconds interval, runtime::Callable function, Options options = {})
      : Timer(std::make_shared<Event>(), interval, std::move(function), std::move(options)) {}
  Timer(std::chrono::nanoseconds interval, runtime::Callable function, Name auto name)
      : Timer(interval, std::move(function), Options{.name = std::move(name)}) {}

  /// As above, calling `function(arguments…)` as Thread does.
  template <class F, class... Arguments>
    requires runtime::kTakesBesides<Options, F, Arguments...>
  Timer(std::chrono::nanoseconds interval, F&& function, Arguments&&... arguments)
      : Timer(interval, runtime::bind_once(std::forward<F>(function),
                                           std::forward<Arguments>(arguments)...)) {}
  template <class F, class... Arguments>
    requires runtime::kTakes<F, Arguments...>
  Timer(std::chrono::nanoseconds interval, Options options, F&& function, Arguments&&... arguments)
      : Timer(interval,
              runtime::bind_once(std::forward<F>(function), std::forward<Arguments>(arguments)...),
              std::move(options)) {}

  /// Prevents the call if it has not begun. Does not block. No effect on a moved-from timer.
  void cancel() {
    if (finished_ != nullptr) finished_->set();
  }

 private:
  Timer(std::shared_ptr<Event> finished, std::chrono::nanoseconds interval,
        runtime::Callable function, Options options);

  std::shared_ptr<Event> finished_;
};

}  // namespace weft::threading
