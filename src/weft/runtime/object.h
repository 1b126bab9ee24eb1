#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "weft/platform/shared.h"
#include "weft/runtime/where.h"
#include "weft/trace/kinds.h"

namespace weft {

/// Whether what is done to an object, and who waits for it, is written to the trace. A loop of
/// millions of operations is better off without.
enum class Recorded { yes, no };

}  // namespace weft

namespace weft::runtime {

struct ThreadState;

/// What the trace knows a primitive by: a number, a type, a name, and how many records it has.
/// Costs nothing until the object is first recorded.
class Object {
 public:
  explicit Object(trace::ObjectType type) noexcept : Object(type, Extra::none) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  /// What several processes share: each knows it by that number, and counts its records in that word
  /// of the shared memory. To be said before threads share the object.
  void set_shared(std::uint32_t number, platform::shared::Offset sequence) noexcept {
    known_as_.store(number, std::memory_order_relaxed);
    shared_sequence_ = sequence;
  }

  /// The name that views show instead of "Queue-1". To be given before threads share the object.
  void set_name(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

  /// To be said before threads share the object.
  void set_recorded(Recorded recorded) noexcept { recorded_ = recorded == Recorded::yes; }
  bool recorded() const noexcept { return recorded_; }

  /// The object's number in the run that `thread` is part of; made and announced at first use.
  std::uint32_t id(ThreadState& thread) {
    const std::uint32_t id = known_id(thread);
    return id != 0 ? id : announce(thread);
  }

  /// As `id`, but never announces it: 0 if it has no number yet.
  std::uint32_t known_id(const ThreadState& thread) const noexcept;
  trace::ObjectType type() const noexcept { return type_; }
  /// The name it was given; null if none.
  const std::string* name() const noexcept { return name_.get(); }
  /// True if it is a HeldObject.
  bool can_be_held() const noexcept { return extra_ == Extra::holder; }

  std::uint32_t next_sequence() noexcept;

 protected:
  enum class Extra : std::uint32_t { none, holder, level };

  Object(trace::ObjectType type, Extra extra) noexcept : type_(type), extra_(extra) {}

 private:
  std::uint32_t announce(ThreadState& thread);

  const trace::ObjectType type_ : 28;
  const Extra extra_ : 3;  // which of the classes below it is
  bool recorded_ : 1 = true;
  platform::shared::Offset shared_sequence_ = 0;  // 0: it is of this process only
  // Its number, and from bit 32 the run in which that was announced. Runs have serial numbers from 1,
  // so an object of an earlier run is announced anew.
  std::atomic<std::uint64_t> known_as_{0};
  std::atomic<std::uint32_t> sequence_{0};
  std::unique_ptr<std::string> name_;
};

/// What one thread at a time holds, and others wait for until it lets go: who that is and where it
/// took it is known in a session, for those who look for deadlocks.
class HeldObject : public Object {
 public:
  explicit HeldObject(trace::ObjectType type) noexcept : Object(type, Extra::holder) {}

  /// Number of the thread that holds it; 0 if none does.
  std::uint32_t holder() const noexcept { return holder_; }
  /// Where it took it.
  const Where& held_since() const noexcept { return held_since_; }

  void set_holder(std::uint32_t thread, const Where& where) noexcept {
    holder_ = thread;
    held_since_ = where;
  }

 private:
  // Written by whoever holds the object.
  std::uint32_t holder_ = 0;
  Where held_since_{};
};

/// What has a level, such as a queue the number of its items, that several threads change at the same
/// time. Such changes and the records of them have one order.
class LevelObject : public Object {
 public:
  explicit LevelObject(trace::ObjectType type) noexcept : Object(type, Extra::level) {}

  /// Where a record stands in that order, and the level after it.
  struct Place {
    std::uint32_t sequence;
    std::uint32_t level;
  };
  Place next_place(std::int32_t change) noexcept {
    const std::uint64_t step = (std::uint64_t{static_cast<std::uint32_t>(change)} << 32) + 1;
    const std::uint64_t place = place_.fetch_add(step, std::memory_order_relaxed) + step;
    // Below zero: what was there before the run, and was never recorded, has left.
    const auto level = static_cast<std::int32_t>(place >> 32);
    return {static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(std::max(0, level))};
  }

  void start_again() noexcept { place_.store(0, std::memory_order_relaxed); }

 private:
  // Sequence, and from bit 32 the level; away from what is only read.
  alignas(64) std::atomic<std::uint64_t> place_{0};
};

inline std::uint32_t Object::next_sequence() noexcept {
  if (shared_sequence_ != 0) return platform::shared::fetch_add(shared_sequence_, 1) + 1;
  if (extra_ == Extra::level) return static_cast<LevelObject*>(this)->next_place(0).sequence;
  if (type_ == trace::ObjectType::future) {
    // What is done to one is done by one thread after the other, and an exchange would cost more than
    // the record.
    const std::uint32_t next = sequence_.load(std::memory_order_relaxed) + 1;
    sequence_.store(next, std::memory_order_relaxed);
    return next;
  }
  return sequence_.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace weft::runtime
