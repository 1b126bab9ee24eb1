#pragma once

#include <chrono>
#include <memory>
#include <string>

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
/// it, too: cancel() first where that is not wanted.
class Timer : public Thread {
 public:
  /// A timer that will call `function` once `interval` has passed since start().
  Timer(std::chrono::nanoseconds interval, runtime::Callable function, std::string name = {})
      : Timer(std::make_shared<Event>(), interval, std::move(function), std::move(name)) {}

  /// Prevents the call if it has not begun. Never blocks.
  void cancel() { finished_->set(); }

 private:
  Timer(std::shared_ptr<Event> finished, std::chrono::nanoseconds interval,
        runtime::Callable function, std::string name);

  std::shared_ptr<Event> finished_;
};

}  // namespace weft::threading
