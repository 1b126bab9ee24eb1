#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "weft/platform/shared.h"
#include "weft/runtime/where.h"
#include "weft/trace/kinds.h"

namespace weft {

/// Whether operations on an object and waits for it are written to the trace. A loop of millions of
/// operations runs faster unrecorded.
enum class Recorded { yes, no };

/// What is short for options with a name only. As a deduced parameter it takes no braced list, which
/// is options.
template <class T>
concept Name = std::is_convertible_v<T, std::string>;

/// The options that every primitive has; its own `Options`, if it has more, begin with these. A
/// constructor takes first what Python passes by position, then the options, in designated
/// initializers; before a call's arguments the options come first. A string in their place is short
/// for `{.name = …}`.
///
/// Example:
///     threading::Lock fork({.name = "fork"});
///     threading::Lock knife("knife");   // the same, for short
///     queue::Queue<int> orders(10, {.name = "orders", .recorded = Recorded::no});
struct ObjectOptions {
  /// What views show instead of the default, the type and a number: "Lock-1". Empty: the default.
  /// Any text; a primitive of multiprocessing keeps its first 64 bytes.
  std::string name = {};
  Recorded recorded = Recorded::yes;
};

}  // namespace weft

namespace weft::runtime {

struct ThreadState;

/// A primitive's identity in the trace: number, type, name and count of records. The number is
/// assigned when the object is first recorded; until then it costs nothing but its size.
///
/// Example:
///     Object gate(trace::ObjectType::event);
///     gate.set_name("gate");   // views show it as this instead of "Event-1"
///     *gate.name() == "gate";   // true
class Object {
 public:
  explicit Object(trace::ObjectType type) noexcept : Object(type, Extra::none) {}
  Object(trace::ObjectType type, ObjectOptions options) : Object(type) {
    apply(std::move(options));
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  /// Makes it an object that several processes share: all of them know it by `number` and count its
  /// records in the word `sequence` of the shared memory. Must be called before threads share the
  /// object.
  void set_shared(std::uint32_t number, platform::shared::Offset sequence) noexcept {
    known_as_.store(number, std::memory_order_relaxed);
    shared_sequence_ = sequence;
  }

  /// The name that views show instead of "Queue-1". Must be called before threads share the object.
  void set_name(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

  /// Sets the name, unless it is empty, and whether it is recorded. Must be called before threads
  /// share the object.
  void apply(ObjectOptions options) {
    if (!options.name.empty()) set_name(std::move(options.name));
    set_recorded(options.recorded);
  }

  /// Must be called before threads share the object.
  void set_recorded(Recorded recorded) noexcept { recorded_ = recorded == Recorded::yes; }
  bool recorded() const noexcept { return recorded_; }

  /// The object's number in the run of `thread`; assigned and announced in the trace at first use.
  std::uint32_t id(ThreadState& thread) {
    const std::uint32_t id = known_id(thread);
    return id != 0 ? id : announce(thread);
  }

  /// As `id`, but never assigns one: 0 if it has none yet.
  std::uint32_t known_id(const ThreadState& thread) const noexcept;
  trace::ObjectType type() const noexcept { return type_; }
  /// The name given by set_name; null if none.
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
  const Extra extra_ : 3;  // tag of the derived class
  bool recorded_ : 1 = true;
  platform::shared::Offset shared_sequence_ = 0;  // 0: not shared between processes
  // Bits 0–31: its number; bits 32–63: serial number of the run in which that was assigned. Serial
  // numbers start at 1, so an object of an earlier run is announced anew.
  std::atomic<std::uint64_t> known_as_{0};
  std::atomic<std::uint32_t> sequence_{0};
  std::unique_ptr<std::string> name_;
};

/// An object with one owner at a time, such as a lock. In a session it keeps its owner and where
/// that acquired it, for deadlock reports.
class HeldObject : public Object {
 public:
  explicit HeldObject(trace::ObjectType type) noexcept : Object(type, Extra::holder) {}
  HeldObject(trace::ObjectType type, ObjectOptions options) : HeldObject(type) {
    apply(std::move(options));
  }

  /// Number of the owning thread; 0 if it is free.
  std::uint32_t holder() const noexcept { return holder_; }
  /// The call site of the acquisition.
  const Where& held_since() const noexcept { return held_since_; }

  void set_holder(std::uint32_t thread, const Where& where) noexcept {
    holder_ = thread;
    held_since_ = where;
  }

 private:
  // Written while the object is held: by the owner, or by the thread that is about to release it.
  std::uint32_t holder_ = 0;
  Where held_since_{};
};

/// An object with a level, such as the number of items in a queue, that several threads change
/// concurrently. One fetch_add gives each change its sequence number and the level after it, so
/// changes and their records have the same total order.
class LevelObject : public Object {
 public:
  explicit LevelObject(trace::ObjectType type) noexcept : Object(type, Extra::level) {}
  LevelObject(trace::ObjectType type, ObjectOptions options) : LevelObject(type) {
    apply(std::move(options));
  }

  /// A record's sequence number, and the level after its change.
  struct Place {
    std::uint32_t sequence;
    std::uint32_t level;
  };
  Place next_place(std::int32_t change) noexcept {
    const std::uint64_t step = (std::uint64_t{static_cast<std::uint32_t>(change)} << 32) + 1;
    const std::uint64_t place = place_.fetch_add(step, std::memory_order_relaxed) + step;
    // Negative if items that were put before the run, hence unrecorded, have been removed.
    const auto level = static_cast<std::int32_t>(place >> 32);
    return {static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(std::max(0, level))};
  }

  void start_again() noexcept { place_.store(0, std::memory_order_relaxed); }

 private:
  // Bits 0–31: sequence number; bits 32–63: level. On a cache line of its own, as the members above
  // are read-mostly.
  alignas(64) std::atomic<std::uint64_t> place_{0};
};

inline std::uint32_t Object::next_sequence() noexcept {
  if (shared_sequence_ != 0) return platform::shared::fetch_add(shared_sequence_, 1) + 1;
  if (extra_ == Extra::level) return static_cast<LevelObject*>(this)->next_place(0).sequence;
  if (type_ == trace::ObjectType::future) {
    // Operations on one future are ordered by happens-before, so a load and a store do; an atomic
    // read-modify-write would cost more than the rest of the record.
    const std::uint32_t next = sequence_.load(std::memory_order_relaxed) + 1;
    sequence_.store(next, std::memory_order_relaxed);
    return next;
  }
  return sequence_.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace weft::runtime
