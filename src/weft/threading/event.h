#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"

namespace weft::threading {

/// A flag that threads can wait for: a manual-reset event.
/// Python: https://docs.python.org/3/library/threading.html#event-objects
///
/// | state | set                    | clear     | wait                |
/// | ----- | ---------------------- | --------- | ------------------- |
/// | clear | -> set, wakes all      | no effect | blocks              |
/// | set   | no effect              | -> clear  | returns true        |
///
/// The set() that sets the flag happens before the return of a wait() that returns true and of an
/// is_set() that does. Destroying an event on which a thread waits aborts the program with a
/// message.
///
/// Example:
///     Event ready;
///     Thread thread([&] {
///       ready.wait();
///       work();
///     });
///     thread.start();
///     ready.set();
class Event {
 public:
  using Options = ObjectOptions;

  Event() = default;
  explicit Event(Options options) : object_(trace::ObjectType::event, std::move(options)) {}
  explicit Event(Name auto name) : Event(Options{.name = std::move(name)}) {}

  bool is_set() const noexcept {
    runtime::yield_hint();
    return set_.load(std::memory_order_acquire);
  }

  /// Sets the flag and wakes all waiters, whose wait() returns true even if the flag is cleared
  /// before they resume.
  void set(runtime::Where where = runtime::Where::current());
  void clear();

  /// Blocks until the flag is set and returns true; returns false if `timeout` expires first (a
  /// negative one counts as 0). When it has returned true, that set() no longer accesses the event,
  /// which may be destroyed.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

 private:
  platform::Mutex mutex_;
  std::atomic<bool> set_{false};  // written under mutex_
  runtime::WaitQueue waiters_ WEFT_GUARDED_BY(mutex_);
  runtime::Object object_{trace::ObjectType::event};
};

}  // namespace weft::threading
