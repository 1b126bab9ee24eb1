#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/manager_protocol.h"
#include "weft/multiprocessing/wait.h"
#include "weft/runtime/time.h"

namespace weft::multiprocessing {

/// A thread of a client of a manager.
struct Caller {
  Sentinel process;
  std::uint64_t thread = 0;  ///< its runtime::identity; 0: nobody

  explicit operator bool() const noexcept { return thread != 0; }
  friend bool operator==(const Caller& a, const Caller& b) noexcept {
    return a.process.number == b.process.number && a.thread == b.thread;
  }
};

/// A request to a manager that may have to wait: a guarded command. The server attempts it when it
/// arrives and after every change of any object, in the order of arrival.
class PendingCall {
 public:
  explicit PendingCall(runtime::Deadline until) : deadline(until) {}
  virtual ~PendingCall() = default;
  PendingCall(const PendingCall&) = delete;
  PendingCall& operator=(const PendingCall&) = delete;

  /// If the guard holds, executes the call, writes its result, or throws what the call throws, and
  /// returns true.
  virtual bool attempt(Archive& reply) = 0;
  /// The deadline has passed: as attempt(). If it returns false, it goes on waiting, without one.
  virtual bool expire(Archive& reply) = 0;
  /// The client has gone: the call will not be attempted again.
  virtual void abandon() noexcept {}

  runtime::Deadline deadline;
};

/// A call made of two functions.
template <class Attempt, class Expire>
class SimpleCall final : public PendingCall {
 public:
  SimpleCall(runtime::Deadline until, Attempt attempt, Expire expire)
      : PendingCall(until), attempt_(std::move(attempt)), expire_(std::move(expire)) {}
  bool attempt(Archive& reply) override { return attempt_(reply); }
  bool expire(Archive& reply) override {
    expire_(reply);
    return true;
  }

 private:
  Attempt attempt_;
  Expire expire_;
};
template <class Attempt, class Expire>
std::unique_ptr<PendingCall> pending(runtime::Deadline deadline, Attempt attempt, Expire expire) {
  return std::make_unique<SimpleCall<Attempt, Expire>>(deadline, std::move(attempt),
                                                       std::move(expire));
}

/// An object in a manager's process.
class ManagedObject {
 public:
  ManagedObject() = default;
  virtual ~ManagedObject() = default;
  ManagedObject(const ManagedObject&) = delete;
  ManagedObject& operator=(const ManagedObject&) = delete;

  /// Executes a call of a method: writes its result, or throws what it throws, and returns null; or
  /// returns a call that may have to wait.
  virtual std::unique_ptr<PendingCall> answer(manager_protocol::Call call, Archive& arguments,
                                              Archive& reply, const Caller& caller) = 0;
};

}  // namespace weft::multiprocessing
