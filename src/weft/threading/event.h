#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "weft/runtime/object.h"
#include "weft/runtime/time.h"

namespace weft::threading {

/// A flag that threads wait for.
/// Python: https://docs.python.org/3/library/threading.html#event-objects
class Event {
 public:
  Event() = default;
  explicit Event(std::string name) { object_.set_name(std::move(name)); }

  bool is_set() const noexcept { return (word_.load(std::memory_order_acquire) & kSet) != 0; }

  /// Sets the flag and wakes everybody. Those who wait return true even if it is cleared at once.
  void set();
  void clear();

  /// Blocks until the flag is set; returns false if `timeout` passed first. A negative timeout
  /// only looks.
  bool wait(runtime::Timeout timeout = std::nullopt);

 private:
  // The lowest bit is the flag, the others count how often it was set: a waiter that slept through
  // set() and clear() sees that there was a set().
  static constexpr std::uint32_t kSet = 1;
  static constexpr std::uint32_t kOneSet = 2;

  std::atomic<std::uint32_t> word_{0};
  runtime::Object object_{trace::ObjectType::event};
};

}  // namespace weft::threading
