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

/// Announces that the calling thread is about to do `operation` to `object`; precedes the
/// operation. Throws Stopped if the run was stopped. Costs one thread-local load and one branch
/// when nothing is plugged in.
inline void point(trace::Kind operation, const Object& object) {
  if (plugged != nullptr) [[unlikely]] point_plugged(*plugged, operation, object);
}

/// As `point` where nothing may be thrown, such as a release in a destructor: other threads may be
/// scheduled, and a stopped run goes on to its next point.
inline void yield_point(trace::Kind operation, const Object& object) noexcept {
  if (plugged != nullptr) [[unlikely]] yield_point_plugged(*plugged, operation, &object);
}

/// As before, after an operation, when its object may be gone.
inline void yield_point(trace::Kind operation) noexcept {
  if (plugged != nullptr) [[unlikely]] yield_point_plugged(*plugged, operation, nullptr);
}

/// Precedes a look at the state of an object that neither blocks nor changes it, such as is_set():
/// in a loop that polls other threads get to run.
inline void observe() noexcept {
  if (plugged != nullptr) [[unlikely]] observe_plugged(*plugged);
}

/// A place in a long computation at which the run can be stopped, as Python can be at a bytecode.
inline void checkpoint() {
  if (plugged != nullptr) [[unlikely]] checkpoint_plugged(*plugged);
}

/// Records what the calling thread has just done to `object`. To be called while nobody else can
/// do anything to it, so that the sequence numbers tell the order of what happened. Returns the sequence
/// number, 0 if nothing was recorded; never waits.
inline std::uint32_t note(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                          std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note(kind, &object, argument, detail, ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `note`, for a kind whose records tell where in the source it was done: see kinds.h.
inline std::uint32_t note(trace::Kind kind, Object& object, const Where& where,
                          std::uint32_t argument = 0, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note_with_where(kind, object, where, argument, detail,
                                   ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `note`, for what changes the object's level, which the record tells: also while others do
/// something to it that does, as the object itself keeps the order.
inline std::uint32_t note_change(trace::Kind kind, LevelObject& object, std::int32_t change,
                                 const Where& where, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note_change(kind, object, change, detail, where);
  }
  return 0;
}

/// As `note`, for a record that begins or ends a span of time.
inline std::uint32_t note_exactly(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                                  std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    return thread->note(kind, &object, argument, detail, ThreadState::Stamp::exact);
  }
  return 0;
}

/// True if what the calling thread does is recorded.
inline bool traced() noexcept { return plugged != nullptr && plugged->ring != nullptr; }

/// The calling thread's number for `object` in the trace; 0 if it is not traced.
inline std::uint32_t trace_id(Object& object) noexcept {
  return traced() ? object.id(*plugged) : 0;
}

/// The calling thread has taken `object`, at `where`; to be said after `note` of the same.
inline void note_held(HeldObject& object, const Where& where) noexcept {
  if (const ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    object.set_holder(thread->number, where);
  }
}

/// The calling thread is about to give `object` back.
inline void note_released(HeldObject& object) noexcept {
  if (plugged != nullptr) [[unlikely]] object.set_holder(0, Where());
}

/// What the calling thread works on, for the length of a scope: whoever waits for that waits for this
/// thread.
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

/// Records something that concerns no object. Without any lock: it may wait for room in the trace.
inline void note_unordered(trace::Kind kind, std::uint64_t argument,
                           std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] {
    thread->note(kind, nullptr, argument, detail, ThreadState::Stamp::exact);
    thread->catch_up();
  }
}

/// After records that were written under a lock of the caller's, which is free now: writes down what found
/// no room, and waits for that if it has to.
inline void catch_up() noexcept {
  if (ThreadState* thread = plugged; thread != nullptr) [[unlikely]] thread->catch_up();
}

/// The number of a text in the trace's table of strings; 0 if the caller is not traced.
std::uint32_t intern(std::string_view text);

/// Records a text or a blob. Without any lock: it may wait for room in the trace.
void note_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                  std::uint32_t detail, std::string_view payload) noexcept;

/// Records a line for the console, the process's `sequence`-th one. Never blocks: `catch_up` afterwards.
void note_console(std::uint32_t sequence, std::string_view line) noexcept;

}  // namespace weft::runtime
