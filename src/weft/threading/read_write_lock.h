#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"
#include "weft/threading/guard.h"

namespace weft::threading {

/// A lock that either any number of threads hold for reading or one holds for writing. Python has
/// none; the names follow those of Lock.
///
/// It is fair: threads get it in the order in which they came, readers that stand side by side in
/// the line together. So a writer waits only for those who were there before it, and readers that
/// come after a waiting writer wait for it, even while others read.
///
/// | state   | acquire_read                 | acquire_write | release_read             | release_write |
/// | ------- | ---------------------------- | ------------- | ------------------------ | ------------- |
/// | free    | -> read                      | -> written    | RuntimeError             | RuntimeError  |
/// | read    | one more; behind a writer    | blocks        | one less; the last: free | RuntimeError  |
/// |         | that waits: blocks           |               |                          |               |
/// | written | blocks                       | blocks        | RuntimeError             | -> free       |
///
/// Not re-entrant: a reader that reads again while a writer waits in between, and a reader that asks
/// to write, wait for ever. Any thread may release. What happened before a release happens before
/// what follows an acquire that had to wait for it. Destroying a lock that is waited for ends the
/// program with a message.
///
/// Example:
///     ReadWriteLock lock;
///     { const ReadGuard guard(lock); use(table); }
///     { const WriteGuard guard(lock); change(table); }
class ReadWriteLock {
 public:
  ReadWriteLock() = default;
  /// A lock that views show under `name`.
  explicit ReadWriteLock(std::string name) { object_.set_name(std::move(name)); }
  ReadWriteLock(const ReadWriteLock&) = delete;
  ReadWriteLock& operator=(const ReadWriteLock&) = delete;

  /// Takes the lock for reading or for writing and returns true, or returns false: at once if not
  /// `blocking`, or when `timeout` has passed. Throws ValueError for a negative timeout, or one with
  /// `blocking` false.
  bool acquire_read(bool blocking = true, runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current()) {
    return acquire(Use::reading, blocking, timeout, where);
  }
  bool acquire_write(bool blocking = true, runtime::Timeout timeout = std::nullopt,
                     runtime::Where where = runtime::Where::current()) {
    return acquire(Use::writing, blocking, timeout, where);
  }

  /// Gives it back. Throws RuntimeError if it is not held in that way.
  void release_read();
  void release_write();

  /// How many threads read, and whether one writes; only a hint, as others go on working.
  std::uint32_t readers() const;
  bool is_written() const;

  runtime::Object& object() noexcept { return object_; }

 private:
  using Mutex = std::unique_lock<platform::Mutex>;
  enum class Use { reading, writing };
  struct Applicant : runtime::WaitList::Waiter {
    explicit Applicant(Use use_) noexcept : use(use_) {}
    const Use use;
  };

  bool acquire(Use use, bool blocking, runtime::Timeout timeout, runtime::Where where);
  bool wait(Mutex& guard, Use use, const runtime::Deadline& deadline, runtime::Where where);
  bool is_free_for(Use use) const noexcept;
  void admit(Use use) noexcept;
  void dismiss(Use use, std::uint32_t sequence) noexcept;
  void admit_the_next(std::uint32_t sequence) noexcept;
  void note_acquired(Use use, const runtime::Where& where) noexcept;

  mutable platform::Mutex mutex_;
  std::uint32_t readers_ = 0;        // guarded by mutex_, as is the rest: those who may read
  std::uint32_t noted_readers_ = 0;  // those of them who know it
  bool written_ = false;             // somebody may write
  bool noted_written_ = false;       // and knows it
  runtime::WaitList waiters_;
  runtime::HeldObject object_{trace::ObjectType::read_write_lock};  // by a writer
};

/// Reads, for the length of a scope. The constructor blocks until it may. The destructor throws as
/// Guard's.
class [[nodiscard]] ReadGuard {
 public:
  explicit ReadGuard(ReadWriteLock& lock, runtime::Where where = runtime::Where::current())
      : lock_(lock) {
    lock_.acquire_read(true, std::nullopt, where);
  }
  ~ReadGuard() noexcept(false) {
    release_at_end([this] { lock_.release_read(); });
  }
  ReadGuard(const ReadGuard&) = delete;
  ReadGuard& operator=(const ReadGuard&) = delete;

 private:
  ReadWriteLock& lock_;
};

/// Writes, for the length of a scope. The constructor blocks until it may. The destructor throws as
/// Guard's.
class [[nodiscard]] WriteGuard {
 public:
  explicit WriteGuard(ReadWriteLock& lock, runtime::Where where = runtime::Where::current())
      : lock_(lock) {
    lock_.acquire_write(true, std::nullopt, where);
  }
  ~WriteGuard() noexcept(false) {
    release_at_end([this] { lock_.release_write(); });
  }
  WriteGuard(const WriteGuard&) = delete;
  WriteGuard& operator=(const WriteGuard&) = delete;

 private:
  ReadWriteLock& lock_;
};

}  // namespace weft::threading
