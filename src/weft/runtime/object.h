#pragma once

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
  explicit Object(trace::ObjectType type) noexcept : Object(type, false) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  /// What several processes share: each knows it by that number, and counts its records in that word
  /// of the shared memory. To be said before threads share the object.
  void set_shared(std::uint32_t number, platform::shared::Offset sequence) noexcept {
    id_ = number;
    shared_sequence_ = sequence;
  }

  /// The name that views show instead of "Queue-1". To be given before threads share the object.
  void set_name(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

  /// To be said before threads share the object.
  void set_recorded(Recorded recorded) noexcept { recorded_ = recorded == Recorded::yes; }
  bool recorded() const noexcept { return recorded_; }

  /// The object's number in the run that `thread` is part of; made and announced at first use.
  std::uint32_t id(ThreadState& thread) {
    // Runs have serial numbers from 1, so an object of an earlier run is announced anew.
    return is_announced(thread) ? id_ : announce(thread);
  }

  /// As `id`, but never announces it: 0 if it has no number yet.
  std::uint32_t known_id(const ThreadState& thread) const noexcept {
    return is_announced(thread) ? id_ : 0;
  }
  trace::ObjectType type() const noexcept { return type_; }
  /// The name it was given; null if none.
  const std::string* name() const noexcept { return name_.get(); }
  /// True if it is a HeldObject.
  bool can_be_held() const noexcept { return can_be_held_; }

  std::uint32_t next_sequence() noexcept {
    if (shared_sequence_ != 0) return platform::shared::fetch_add(shared_sequence_, 1) + 1;
    return sequence_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

 protected:
  Object(trace::ObjectType type, bool can_be_held) noexcept
      : type_(type), can_be_held_(can_be_held) {}

 private:
  bool is_announced(const ThreadState& thread) const noexcept;
  std::uint32_t announce(ThreadState& thread);

  const trace::ObjectType type_ : 30;
  const bool can_be_held_ : 1;
  bool recorded_ : 1 = true;
  std::uint32_t id_ = 0;
  platform::shared::Offset shared_sequence_ = 0;  // 0: it is of this process only
  std::atomic<std::uint32_t> sequence_{0};
  std::atomic<std::uint32_t> run_{0};  // the run that id_ and sequence_ belong to
  std::unique_ptr<std::string> name_;
};

/// What one thread at a time holds, and others wait for until it lets go: who that is and where it
/// took it is known in a session, for those who look for deadlocks.
class HeldObject : public Object {
 public:
  explicit HeldObject(trace::ObjectType type) noexcept : Object(type, true) {}

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

}  // namespace weft::runtime
