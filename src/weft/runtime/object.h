#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

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
  explicit Object(trace::ObjectType type) noexcept : type_(type) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

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

  std::uint32_t next_sequence() noexcept {
    return sequence_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

 private:
  bool is_announced(const ThreadState& thread) const noexcept;
  std::uint32_t announce(ThreadState& thread);

  const trace::ObjectType type_;
  bool recorded_ = true;
  std::uint32_t id_ = 0;
  std::atomic<std::uint32_t> sequence_{0};
  std::atomic<std::uint32_t> run_{0};  // the run that id_ and sequence_ belong to
  std::unique_ptr<std::string> name_;
};

}  // namespace weft::runtime
