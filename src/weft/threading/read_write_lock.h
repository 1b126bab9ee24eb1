#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"
#include "weft/threading/guard.h"

namespace weft::threading {

/// A read–write lock: held either by any number of readers or by one writer. Python has none; the
/// names follow those of Lock.
///
/// FIFO-fair, without reader or writer preference: threads acquire it in order of arrival, and
/// adjacent waiting readers are admitted as a batch. A writer waits only for earlier arrivals, and
/// readers that arrive behind a waiting writer wait for it even while the lock is held for reading.
///
/// | state   | acquire_read              | acquire_write | release_read         | release_write |
/// | ------- | ------------------------- | ------------- | -------------------- | ------------- |
/// | free    | -> read                   | -> written    | RuntimeError         | RuntimeError  |
/// | read    | one more; behind a        | blocks        | one less; at 0: free | RuntimeError  |
/// |         | waiting writer: blocks    |               |                      |               |
/// | written | blocks                    | blocks        | RuntimeError         | -> free       |
///
/// Not reentrant, and no upgrade: a reader that acquires the lock again behind a waiting writer,
/// or that acquires it for writing, deadlocks. Any thread may release. The release of a writer
/// happens before the return of each later acquire, and that of a reader before each later
/// acquire_write. Destroying a lock for which a thread waits aborts the program with a message.
///
/// Example:
///     ReadWriteLock lock;
///     std::vector<int> table;
///     {
///       const ReadGuard guard(lock);   // with other readers
///       use(table);
///     }
///     {
///       const WriteGuard guard(lock);   // alone
///       table.push_back(1);
///     }
class ReadWriteLock {
 public:
  using Options = ObjectOptions;

  ReadWriteLock() = default;
  explicit ReadWriteLock(Options options)
      : object_(trace::ObjectType::read_write_lock, std::move(options)) {}
  explicit ReadWriteLock(Name auto name) : ReadWriteLock(Options{.name = std::move(name)}) {}
  ReadWriteLock(const ReadWriteLock&) = delete;
  ReadWriteLock& operator=(const ReadWriteLock&) = delete;

  /// Blocks until the lock is acquired for reading or writing and returns true; returns false at
  /// once if that would block and `blocking` is false, or when `timeout` expires. Throws ValueError
  /// for a negative timeout, or for a timeout with `blocking` false; Stopped if the run is stopped.
  bool acquire_read(bool blocking = true, runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current()) {
    return acquire(Use::reading, blocking, timeout, where);
  }
  bool acquire_write(bool blocking = true, runtime::Timeout timeout = std::nullopt,
                     runtime::Where where = runtime::Where::current()) {
    return acquire(Use::writing, blocking, timeout, where);
  }

  /// Releases one read hold, or the write hold. Does not block. Throws RuntimeError if the lock is
  /// not held in that mode.
  void release_read();
  void release_write();

  /// Number of readers, and whether a writer holds the lock; may be stale on return.
  std::uint32_t readers() const;
  bool is_written() const;

  runtime::Object& object() noexcept { return object_; }

 private:
  enum class Use { reading, writing };
  struct Waiter : runtime::WaitQueue::Waiter {  // a waiter and the mode it waits for
    explicit Waiter(Use use_) noexcept : use(use_) {}
    const Use use;
  };

  bool acquire(Use use, bool blocking, runtime::Timeout timeout, runtime::Where where);
  bool wait(Use use, const runtime::Deadline& deadline, runtime::Where where) WEFT_REQUIRES(mutex_);
  bool is_free_for(Use use) const noexcept WEFT_REQUIRES(mutex_);
  void admit(Use use) noexcept WEFT_REQUIRES(mutex_);
  void dismiss(Use use, std::uint32_t sequence) noexcept WEFT_REQUIRES(mutex_);
  void admit_next(std::uint32_t sequence) noexcept WEFT_REQUIRES(mutex_);
  void record_acquired(Use use, const runtime::Where& where) noexcept WEFT_REQUIRES(mutex_);

  mutable platform::Mutex mutex_;
  // A waiter is admitted by the releasing thread (direct handoff) and resumes later; until then it
  // is counted in the first of each pair, but not in the second.
  std::uint32_t readers_ WEFT_GUARDED_BY(mutex_) = 0;          // admitted readers
  std::uint32_t resumed_readers_ WEFT_GUARDED_BY(mutex_) = 0;  // admitted readers that have resumed
  bool written_ WEFT_GUARDED_BY(mutex_) = false;               // a writer is admitted
  bool writer_resumed_ WEFT_GUARDED_BY(mutex_) = false;        // and has resumed
  runtime::WaitQueue waiters_ WEFT_GUARDED_BY(mutex_);
  runtime::HeldObject object_{trace::ObjectType::read_write_lock};  // its holder: the writer
};

/// Scoped read lock. The constructor blocks as acquire_read() does; the destructor throws as
/// Guard's.
///
/// Example:
///     ReadWriteLock lock;
///     const ReadGuard guard(lock);
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

/// Scoped write lock. The constructor blocks as acquire_write() does; the destructor throws as
/// Guard's.
///
/// Example:
///     ReadWriteLock lock;
///     const WriteGuard guard(lock);
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
