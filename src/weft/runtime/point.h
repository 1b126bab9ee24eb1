#pragma once

#include <cstdint>
#include <string_view>

#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/stopped.h"

namespace weft::runtime {

void point_in_session(ThreadState& thread, trace::Kind operation, const Object& object);
void yield_point_in_session(ThreadState& thread, trace::Kind operation,
                            const Object* object) noexcept;
void checkpoint_in_session(ThreadState& thread);
void yield_hint_in_session(ThreadState& thread) noexcept;

/// A scheduling point: announces that the calling thread is about to do `operation` to `object`. It
/// precedes the operation; the caller holds no lock of the core. Other threads may be scheduled,
/// and records that found no room in the trace ring are written. Throws Stopped if the run was
/// stopped. Outside a session it costs one thread-local load and one branch.
inline void point(trace::Kind operation, const Object& object) {
  if (session_thread != nullptr) [[unlikely]]
    point_in_session(*session_thread, operation, object);
}

/// As `point` where nothing may be thrown, such as a release in a destructor: a stopped run is
/// noticed at the thread's next point instead.
inline void yield_point(trace::Kind operation, const Object& object) noexcept {
  if (session_thread != nullptr) [[unlikely]]
    yield_point_in_session(*session_thread, operation, &object);
}

/// As above, after an operation that may have let another thread destroy the object.
inline void yield_point(trace::Kind operation) noexcept {
  if (session_thread != nullptr) [[unlikely]]
    yield_point_in_session(*session_thread, operation, nullptr);
}

/// Precedes a query that neither blocks nor changes the object, such as is_set(): a yield hint to
/// the scheduler, so that a loop that polls lets other threads run.
inline void yield_hint() noexcept {
  if (session_thread != nullptr) [[unlikely]]
    yield_hint_in_session(*session_thread);
}

/// A scheduling point in a long computation: the run can be stopped and the GIL requested here, as
/// CPython's eval breaker is checked between bytecodes. Throws Stopped.
inline void checkpoint() {
  if (session_thread != nullptr) [[unlikely]]
    checkpoint_in_session(*session_thread);
}

/// Records what the calling thread has just done to `object`. The caller excludes other operations
/// on the object meanwhile, typically by its lock, so that sequence numbers give the order of the
/// operations. Returns the sequence number, 0 if nothing was recorded. Never waits for room in the
/// trace.
inline std::uint32_t record(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                            std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    return thread->record(kind, &object, argument, detail, ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `record`, for a kind whose records have the call site: see WEFT_TRACE_KINDS_WITH_WHERE.
inline std::uint32_t record(trace::Kind kind, Object& object, const Where& where,
                            std::uint32_t argument = 0, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    return thread->record_with_where(kind, object, where, argument, detail,
                                     ThreadState::Stamp::coarse);
  }
  return 0;
}

/// As `record`, for a change of the object's level; the record holds the level after it. Several
/// threads may do so concurrently: the object assigns sequence number and level in one atomic step.
inline std::uint32_t record_change(trace::Kind kind, LevelObject& object, std::int32_t change,
                                   const Where& where, std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    return thread->record_change(kind, object, change, detail, where);
  }
  return 0;
}

/// As `record`, with the exact time: for a record that begins or ends a span.
inline std::uint32_t record_exactly(trace::Kind kind, Object& object, std::uint64_t argument = 0,
                                    std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    return thread->record(kind, &object, argument, detail, ThreadState::Stamp::exact);
  }
  return 0;
}

/// True if the calling thread's operations are recorded.
inline bool traced() noexcept {
  return session_thread != nullptr && session_thread->ring != nullptr;
}

/// The number of `object` in the trace; 0 if the calling thread is not traced.
inline std::uint32_t trace_id(Object& object) noexcept {
  return traced() ? object.id(*session_thread) : 0;
}

/// The calling thread has acquired `object`, at `where`; to be called after the
/// `record` of the acquisition.
inline void mark_held(HeldObject& object, const Where& where) noexcept {
  if (const ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    object.set_holder(thread->number, where);
  }
}

/// The calling thread is about to release `object`.
inline void mark_released(HeldObject& object) noexcept {
  if (session_thread != nullptr) [[unlikely]]
    object.set_holder(0, Where());
}

/// Records an event that concerns no object. The caller holds no lock of the core: it may block
/// until the trace has room.
inline void record_unordered(trace::Kind kind, std::uint64_t argument,
                             std::uint32_t detail = 0) noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]] {
    thread->record(kind, nullptr, argument, detail, ThreadState::Stamp::exact);
    thread->flush_backlog();
  }
}

/// Moves records that found no room in the trace ring into it; blocks until the reader has made
/// room. To be called after the lock under which they were written has been released.
inline void flush_backlog() noexcept {
  if (ThreadState* thread = session_thread; thread != nullptr) [[unlikely]]
    thread->flush_backlog();
}

/// The id of a text in the trace's table of strings; 0 if the caller is not traced.
std::uint32_t intern(std::string_view text);

/// Records a text or a blob. The caller holds no lock of the core: it may block until the trace has
/// room.
void record_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                    std::uint32_t detail, std::string_view payload) noexcept;

/// Records the process's `sequence`-th console line. Does not wait for room in the trace: call
/// `flush_backlog` afterwards.
void record_console(std::uint32_t sequence, std::string_view line) noexcept;

}  // namespace weft::runtime
