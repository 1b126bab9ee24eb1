#pragma once

#include <exception>

#include "weft/runtime/uncaught.h"
#include "weft/runtime/where.h"

namespace weft::threading {

/// Calls `release()` at the end of a scope. An exception it throws propagates, as out of Python's
/// `with` block; during stack unwinding it is reported and swallowed instead.
template <class Release>
void release_at_end(Release release) {
  try {
    release();
  } catch (...) {
    if (std::uncaught_exceptions() == 0) throw;
    runtime::report_uncaught(std::current_exception());
  }
}

/// A scoped lock: Python's `with lock:`. For Lock, RLock, Condition, Semaphore and any other type
/// with acquire() and release().
///
/// The constructor blocks until the lock is acquired. Unlike std::lock_guard it records its source
/// location, at which views then show the thread waiting. The destructor throws what release()
/// throws: RuntimeError if a Lock was released in between, as at the end of Python's `with` block.
///
/// Example:
///     Lock lock;
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

  /// Source location at which the scope was entered.
  const runtime::Where& where() const noexcept { return where_; }

 private:
  Lockable& lockable_;
  const runtime::Where where_;
};

}  // namespace weft::threading
