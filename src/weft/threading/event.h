#pragma once

#include <atomic>
#include <string>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"

namespace weft::threading {

/// A flag that threads wait for. Destroying one that is waited for ends the program with a message.
/// Python: https://docs.python.org/3/library/threading.html#event-objects
class Event {
 public:
  Event() = default;
  explicit Event(std::string name) { object_.set_name(std::move(name)); }

  bool is_set() const noexcept {
    runtime::observe();
    return set_.load(std::memory_order_acquire);
  }

  /// Sets the flag and wakes everybody. Those who wait return true even if it is cleared at once.
  void set(runtime::Where where = runtime::Where::current());
  void clear();

  /// Blocks until the flag is set; returns false if `timeout` passed first. A negative timeout
  /// only looks. Once it has returned true, that set() is done with the event, which may be destroyed.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

 private:
  platform::Mutex mutex_;
  std::atomic<bool> set_{false};  // changed under mutex_
  runtime::WaitList waiters_;     // guarded by mutex_
  runtime::Object object_{trace::ObjectType::event};
};

}  // namespace weft::threading
