#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/managed_object.h"

/// The queues and synchronisation primitives in a manager's process. The server is single-threaded:
/// they need no locks of their own, and nothing in them blocks. What has to wait is a PendingCall.
namespace weft::multiprocessing {

class ManagedQueue final : public ManagedObject {
 public:
  explicit ManagedQueue(std::uint32_t maxsize) : maxsize_(maxsize) {}
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  bool full() const noexcept { return maxsize_ != 0 && items_.size() >= maxsize_; }
  std::unique_ptr<PendingCall> put(Bytes item, runtime::Deadline deadline);
  std::unique_ptr<PendingCall> get(runtime::Deadline deadline);
  void task_done();
  void shut_down(bool immediate);

  const std::uint32_t maxsize_;
  std::deque<Bytes> items_;
  std::uint64_t unfinished_ = 0;
  bool is_shut_down_ = false;
};

/// A lock, re-entrant or not. If the process of the thread that holds it ends, it is abandoned until
/// recover(); a waiter of a condition can hold it meanwhile.
class ManagedLock final : public ManagedObject {
 public:
  ManagedLock(bool recursive, std::string name) : recursive_(recursive), name_(std::move(name)) {}
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

  const Caller& holder() const noexcept { return holder_; }
  /// The process of the holder has ended.
  void holder_died() noexcept;

  // For a condition.
  bool is_held_by(const Caller& caller) const noexcept;
  bool is_abandoned() const noexcept { return died_ != 0; }
  [[noreturn]] void throw_abandoned() const;
  /// Returns the depth at which it was held.
  std::uint32_t release_all() noexcept;
  void take(const Caller& caller, std::uint32_t depth) noexcept;

 private:
  std::unique_ptr<PendingCall> acquire(const Caller& caller, runtime::Deadline deadline);
  void release(const Caller& caller);

  const bool recursive_;
  const std::string name_;
  Caller holder_;
  std::uint32_t depth_ = 0;
  std::uint32_t died_ = 0;  // the process that died holding it; 0: not abandoned
};

class ManagedSemaphore final : public ManagedObject {
 public:
  ManagedSemaphore(std::int64_t value, bool bounded);
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  const std::int64_t most_;
  std::int64_t value_;
};

/// A condition over a lock, which outlives it.
class ManagedCondition final : public ManagedObject {
 public:
  explicit ManagedCondition(ManagedLock& lock) : lock_(lock) {}
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  class Wait;

  void notify(std::uint32_t n) noexcept;

  ManagedLock& lock_;
  std::list<Wait*> waits_;  // in the order of arrival
};

class ManagedEvent final : public ManagedObject {
 public:
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  bool is_set_ = false;
};

class ManagedBarrier final : public ManagedObject {
 public:
  ManagedBarrier(std::int32_t parties, runtime::Timeout timeout);
  std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                      Archive& reply, const Caller& caller) override;

 private:
  enum class Phase { filling, full, broken };
  class Wait;

  void begin_phase();
  void break_phase() noexcept;

  const std::int32_t parties_;
  const runtime::Timeout timeout_;
  std::shared_ptr<Phase> phase_;  // shared with its waits
  std::int32_t count_ = 0;        // arrived in this phase
};

}  // namespace weft::multiprocessing
