#pragma once

#include <cstdint>
#include <string_view>

#include "weft/runtime/stopped.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {

void point_plugged(ThreadState& thread, trace::Kind operation, const Object& object);
void yield_point_plugged(ThreadState& thread, trace::Kind operation, const Object* object) noexcept;
void checkpoint_plugged(ThreadState& thread);
void observe_plugged(ThreadState& thread) noexcept;

/// A scheduling point: announces that the calling thread is about to do `operation` to `object`. It
/// precedes the operation; the caller holds no lock of the core. Other threads may be scheduled,
/// and records that found no room in the trace ring are written. Throws Stopped if the run was
/// stopped. Outside a session it costs one thread-local load and one branch.
inline void point(trace::Kind operation, const Object& object) {
  if (plugged != nullptr) [[unlikely]] point_plugged(*plugged, operation, object);
}

/// As `point` where nothing may be thrown, such as a release in a destructor: a stopped run is
/// noticed at the thread's next point instead.
inline void yield_point(trace::Kind operation, const Object& object) noexcept {
  if (plugged != nullptr) [[unlikely]] yield_point_plugged(*plugged, operation, &object);
}

/// As above, after an operation that may have let another thread destroy the object.
inline void yield_point(trace::Kind operation) noexcept {
  if (plugged != nullptr) [[unlikely]] yield_point_plugged(*plugged, operation, nullptr);
}

/// Precedes a query that neither blocks nor changes the object, such as is_set(): a yield hint to
/// the scheduler, so that a loop that polls lets other threads run.
inline void observe() noexcept {
  if (plugged != nullptr) [[unlikely]] observe_plugged(*plugged);
}

/// A scheduling point in a long computation: the run can be stopped and the GIL requested here, as
/// CPython's eval breaker is checked between bytecodes. Throws Stopped.
inline void checkpoint() {
  if (plugged != nullptr) [[unlikely]] checkpoint_plugged(*plugged);
}

/// Records what the calling thread has just done to `object` (`note`, throughout: to write a trace
/// record). The caller excludes other operations on the object meanwhile, typically by its lock, so
/// that sequence numbers give the order of the operations. Returns the sequence number, 0 if
/// nothing was recorded. Never waits for room in the trace.
inline std::uint32_t note(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                          std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note(kind, &object, argument, detail, ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `note`, for a kind whose records have the call site: see WEFT_TRACE_KINDS_WITH_WHERE.
inline std::uint32_t note(trace::Kind kind, Object& object, const Where& where,
                          std::uint32_t argument = 0, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note_with_where(kind, object, where, argument, detail,
                                   ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `note`, for a change of the object's level; the record holds the level after it. Several
/// threads may do so concurrently: the object assigns sequence number and level in one atomic step.
inline std::uint32_t note_change(trace::Kind kind, LevelObject& object, std::int32_t change,
                                 const Where& where, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note_change(kind, object, change, detail, where);
  }
  return 0;
}

/// As `note`, with the exact time: for a record that begins or ends a span.
inline std::uint32_t note_exactly(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                                  std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note(kind, &object, argument, detail, ThreadState::Stamp::exact);
  }
  return 0;
}

/// True if the calling thread's operations are recorded.
inline bool traced() noexcept { return plugged != nullptr && plugged->ring != nullptr; }

/// The number of `object` in the trace; 0 if the calling thread is not traced.
inline std::uint32_t trace_id(Object& object) noexcept {
  return traced() ? object.id(*plugged) : 0;
}

/// The calling thread has acquired `object`, at `where`; to be called after `note` of the
/// acquisition.
inline void note_held(HeldObject& object, const Where& where) noexcept {
  if (const ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    object.set_holder(thread->number, where);
  }
}

/// The calling thread is about to release `object`.
inline void note_released(HeldObject& object) noexcept {
  if (plugged != nullptr) [[unlikely]] object.set_holder(0, Where());
}

/// RAII: declares that the calling thread computes `object`, a future, for the length of a scope. A
/// thread that waits for the future then waits for this one: an edge of the deadlock report's
/// wait-for graph.
class WorkingOn {
 public:
  explicit WorkingOn(const Object& object) noexcept
      : thread_(plugged), before_(thread_ != nullptr ? thread_->works_on : nullptr) {
    if (thread_ != nullptr) [[unlikely]] thread_->works_on = &object;
  }
  ~WorkingOn() {
    if (thread_ != nullptr) [[unlikely]] thread_->works_on = before_;
  }
  WorkingOn(const WorkingOn&) = delete;
  WorkingOn& operator=(const WorkingOn&) = delete;

 private:
  ThreadState* const thread_;
  const Object* const before_;
};

/// Records an event that concerns no object. The caller holds no lock of the core: it may block
/// until the trace has room.
inline void note_unordered(trace::Kind kind, std::uint64_t argument,
                           std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    thread->note(kind, nullptr, argument, detail, ThreadState::Stamp::exact);
    thread->catch_up();
  }
}

/// Moves records that found no room in the trace ring into it; blocks until the reader has made
/// room. To be called after the lock under which they were written has been released.
inline void catch_up() noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] thread->catch_up();
}

/// The id of a text in the trace's table of strings; 0 if the caller is not traced.
std::uint32_t intern(std::string_view text);

/// Records a text or a blob. The caller holds no lock of the core: it may block until the trace has
/// room.
void note_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                  std::uint32_t detail, std::string_view payload) noexcept;

/// Records the process's `sequence`-th console line. Does not wait for room in the trace: call
/// `catch_up` afterwards.
void note_console(std::uint32_t sequence, std::string_view line) noexcept;

}  // namespace weft::runtime
