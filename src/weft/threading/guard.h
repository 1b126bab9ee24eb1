#pragma once

#include <exception>

#include "weft/runtime/uncaught.h"
#include "weft/runtime/where.h"

namespace weft::threading {

/// Calls `release()` at the end of a scope. What it throws leaves the scope, as it leaves Python's `with`
/// block; but while another exception is on its way it is reported and dropped.
template <class Release>
void release_at_end(Release release) {
  try {
    release();
  } catch (...) {
    if (std::uncaught_exceptions() == 0) throw;
    runtime::report_uncaught(std::current_exception());
  }
}

/// Holds a lock for the length of a scope, however the scope is left: Python's `with lock:`. For
/// Lock, RLock, Condition, Semaphore and whatever else has acquire() and release().
///
/// The constructor blocks until it has the lock. Unlike std::lock_guard it remembers the place in
/// the source, so that a thread that waits here is shown to wait here. The destructor throws RuntimeError
/// if the lock was released meanwhile, as the end of Python's `with` block does.
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
  ~Guard() noexcept(false) {
    release_at_end([this] { lockable_.release(); });
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  /// Where the scope was entered.
  const runtime::Where& where() const noexcept { return where_; }

 private:
  Lockable& lockable_;
  const runtime::Where where_;
};

}  // namespace weft::threading
