#pragma once

#include "weft/runtime/where.h"

namespace weft::threading {

/// Holds a lock for the length of a scope, however the scope is left: Python's `with lock:`. For
/// Lock, RLock, Condition, Semaphore and whatever else has acquire() and release().
///
/// The constructor blocks until it has the lock. Unlike std::lock_guard it remembers the place in
/// the source, so that a thread that waits here is shown to wait here.
///
/// Example:
///     const Guard guard(lock);
template <class Lockable>
  requires requires(Lockable& lockable) {
    lockable.acquire();
    lockable.release();
  }
class [[nodiscard]] Guard {
 public:
  explicit Guard(Lockable& lockable, runtime::Where where = runtime::Where::current())
      : lockable_(lockable), where_(where) {
    lockable_.acquire(true, {}, where_);
  }
  ~Guard() { lockable_.release(); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  /// Where the scope was entered.
  const runtime::Where& where() const noexcept { return where_; }

 private:
  Lockable& lockable_;
  const runtime::Where where_;
};

}  // namespace weft::threading
