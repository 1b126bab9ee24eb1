#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/shared_note.h"
#include "weft/multiprocessing/view.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// What Semaphore and BoundedSemaphore are.
class SemaphoreState : public View {
 public:
  explicit SemaphoreState(Hold held) : View(std::move(held), trace::ObjectType::semaphore) {}

  /// A new one. Throws ValueError for a negative value.
  static Hold make(std::int64_t value, bool bounded, std::string_view name);

  bool acquire(bool block, runtime::Timeout timeout, runtime::Where where);
  void release(std::int64_t n);
  std::int64_t value() const noexcept;

 private:
  friend struct SemaphoreCare;
  using Offset = platform::shared::Offset;

  static constexpr Offset kWord = 0;    ///< permits; kSleeps: somebody may sleep on it
  static constexpr Offset kMost = 4;    ///< permits that there may be
  static constexpr Offset kLost = 8;    ///< permits that processes were killed with
  static constexpr Offset kDied = 12;   ///< the last of those processes
  static constexpr Offset kTaken = 64;  ///< a word a slot: acquired less released, signed
  static constexpr std::uint32_t kSleeps = 0x8000'0000;

  enum class Attempt { taken, none, lost };
  Attempt attempt(std::uint32_t slept, SharedNote& note, std::uint32_t& seen) noexcept;

  bool wait(runtime::Deadline deadline, SharedNote& note, runtime::Where where);
};

/// A number of permits that threads of all processes take and give back. Copies are the same semaphore, and
/// so is what another process receives when one is sent to it. It is made when it is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Semaphore
///
/// | permits                             | acquire        | release |
/// | ----------------------------------- | -------------- | ------- |
/// | some                                | takes one      | ok      |
/// | none                                | blocks         | ok      |
/// | none, and a process was killed with some | AbandonedError | ok      |
///
/// A process that is killed with permits (it has acquired more than it has released) takes them along;
/// release() by others makes up for them. One that ends by itself is not held to have kept them, as
/// permits may be given back by others.
class Semaphore {
 public:
  /// The first use throws ValueError for a negative value.
  explicit Semaphore(std::int64_t value = 1, std::string_view name = {})
      : Semaphore(value, false, name) {}

  /// Takes a permit and returns true, or returns false: at once if not `block`, or when `timeout` has passed
  /// (a negative one only looks; it is ignored unless `block`). Throws AbandonedError.
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return (*state_)->acquire(block, timeout, where);
  }

  /// Gives `n` permits back. Throws ValueError if `n` is less than 1.
  void release(std::int64_t n = 1) { (*state_)->release(n); }

  /// How many permits there are; only a hint, as others go on working.
  std::int64_t get_value() const { return (*state_)->value(); }

  // The names that std::lock_guard and std::unique_lock call.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  friend bool operator==(const Semaphore&, const Semaphore&) noexcept = default;
  friend void serialise(Archive& archive, Semaphore& semaphore) {
    serialise_view(archive, semaphore.state_, ObjectKind::semaphore);
  }

 protected:
  Semaphore(std::int64_t value, bool bounded, std::string_view name)
      : state_(std::make_shared<Lazy<SemaphoreState>>([value, bounded, name = std::string(name)] {
          return SemaphoreState::make(value, bounded, name);
        })) {}

 private:
  std::shared_ptr<Lazy<SemaphoreState>> state_;
};

/// A semaphore that is given back no more often than it was taken.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.BoundedSemaphore
///
/// As Semaphore, but a release that would bring the value above its initial one throws ValueError.
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1, std::string_view name = {})
      : Semaphore(value, true, name) {}
};

}  // namespace weft::multiprocessing
