#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/platform/mutex.h"
#include "weft/platform/thread.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/internal/call_sites.h"
#include "weft/runtime/internal/session_thread.h"
#include "weft/runtime/object.h"
#include "weft/runtime/park.h"
#include "weft/runtime/scheduler.h"
#include "weft/runtime/session.h"
#include "weft/runtime/time.h"
#include "weft/trace/record_ring.h"

namespace weft::runtime {

/// The runtime's state of one thread. Owned by std::shared_ptr.
struct ThreadState : std::enable_shared_from_this<ThreadState> {
  /// Precision of a record's timestamp.
  enum class Stamp {
    exact,   ///< reads the clock: the record begins or ends a span
    coarse,  ///< may reuse the timestamp of the thread's previous record
  };

  ThreadState(Session* session, std::uint32_t number, std::string name, bool daemon = false);
  ~ThreadState();
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  std::string name() const;
  /// Renames the thread. The trace shows the new name only if the thread renames itself.
  void set_name(std::string name);

  /// Records an operation on `object` (null: on none) with the next sequence number of that object,
  /// which it returns; 0 if nothing was recorded.
  std::uint32_t record(trace::Kind kind, Object* object, std::uint64_t argument,
                       std::uint32_t detail, Stamp stamp) noexcept;
  /// As `record`, for a kind that has a call site.
  std::uint32_t record_with_where(trace::Kind kind, Object& object, const Where& where,
                                  std::uint32_t argument, std::uint32_t detail,
                                  Stamp stamp) noexcept;
  /// Records an operation that changes the level of `object` by `change`; the argument is the level
  /// after it. Concurrent changes of the same object are allowed. `where` may be unknown; it is
  /// used by kinds that have a call site.
  std::uint32_t record_change(trace::Kind kind, LevelObject& object, std::int32_t change,
                              std::uint32_t detail, const Where& where) noexcept;
  /// Records an operation with a timestamp and a sequence number that were assigned before.
  void record_at(std::uint64_t time, std::uint32_t sequence, trace::Kind kind, Object& object,
                 std::uint64_t argument, std::uint32_t detail) noexcept;
  /// Records that the thread begins or ends to be blocked; neither has a place in the object's
  /// order.
  void record_blocked(const Waiting& waiting) noexcept;
  void record_unblocked(const Waiting& waiting, trace::Unblocked how) noexcept;
  /// The string id of a call site; 0 if it is unknown or the thread is not traced.
  std::uint32_t string_id(const Where& where) noexcept;
  void record_with_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                           std::uint32_t detail, std::string_view payload) noexcept;
  std::uint64_t stamp(Stamp stamp) noexcept;
  /// Moves records that found no room into the thread's trace ring. The caller holds no lock of the
  /// core. If it has to wait for the reader, that is recorded as a span in which the thread is
  /// blocked, without the GIL.
  void flush_backlog() noexcept {
    if (ring != nullptr && ring->has_backlog()) [[unlikely]]
      wait_for_reader();
  }
  /// As `flush_backlog`, unrecorded: at the thread's end, after its last record.
  void finish_writing() noexcept;
  /// The next record reads the clock: unrecorded time has passed.
  void forget_stamp() noexcept { reuses_ = 0; }
  /// True if the thread has to throw Stopped now; false while an exception unwinds its stack.
  bool must_stop() const noexcept;
  /// True if Stopped ends it because it is a daemon and the session ends.
  bool ends_with_process() const noexcept {
    return daemon && session->ending() && !session->stopping();
  }

  Session* const session;  // null: part of no session
  const std::uint32_t number;
  const bool daemon;                  ///< not joined at the session's end
  trace::RecordRing* ring = nullptr;  // null: not traced

  Scheduler* scheduler = nullptr;        ///< null: the operating system's
  bool has_gil = false;                  ///< Gil's
  const Object* current_task = nullptr;  // the future that it computes: see TaskScope

  static constexpr std::uint32_t kRunning = 0;
  static constexpr std::uint32_t kEnded = 1;
  static constexpr std::uint32_t kLeaving = 2;  ///< all that is left is to notify joiners
  /// The word that joiners park on.
  std::atomic<std::uint32_t> ended{kRunning};
  bool has_ended() const noexcept { return ended.load(std::memory_order_acquire) == kEnded; }
  Object object{trace::ObjectType::thread};
  platform::ThreadHandle handle;
  /// The record of its end, as trace::waker(), for joiners.
  std::atomic<std::uint64_t> ended_by{0};
  std::atomic<bool> has_handle{false};  // the thread that clears it joins or detaches

  /// The word that the thread is parked on, else null. The next fields belong to the thread; others
  /// may read them only under a Snapshot of the session's ThreadList and while this is set.
  std::atomic<const std::atomic<std::uint32_t>*> parked_on{nullptr};
  /// The same for a word in the shared memory of processes; else 0.
  std::atomic<platform::shared::Offset> parked_on_shared{0};
  std::uint32_t parked_expecting = 0;
  bool parked_indefinitely = false;
  Waiting parked_waiting{};
  std::atomic<std::uint32_t> times_parked{0};
  // Version number in the quiescence check's double collect; guarded by the ThreadList.
  std::uint32_t times_parked_before = 0;

  bool started = false;                     ///< by start_thread: it can be joined
  std::atomic<std::uint64_t> native_id{0};  ///< the system's thread id; valid once it runs

  ThreadState* next_alive = nullptr;  // guarded by the registry
  ThreadState* previous_alive = nullptr;
  ThreadState* next_in_session = nullptr;  // guarded by the ThreadList, as is the next
  ThreadState* previous_in_session = nullptr;

 private:
  mutable platform::Mutex name_mutex_;
  std::string name_ WEFT_GUARDED_BY(name_mutex_);

  // The slow path of flush_backlog: back-pressure of the trace's reader.
  void wait_for_reader() noexcept;
  std::uint32_t id_of(Object* object);
  trace::Record new_record(trace::Kind kind, std::uint32_t detail, Stamp stamp) noexcept;

  void record_span(trace::Kind kind, Object* object, std::uint64_t argument,
                   std::uint32_t detail) noexcept;

  CallSites call_sites_;
  std::uint64_t last_stamp_ = 0;
  std::uint32_t reuses_ = 0;  // coarse records that may still reuse last_stamp_
  std::uint32_t next_reuses_ = 0;
};

inline std::uint32_t Object::known_id(const ThreadState& thread) const noexcept {
  const std::uint64_t known_as = known_as_.load(std::memory_order_acquire);
  return known_as >> 32 == thread.session->serial() ? static_cast<std::uint32_t>(known_as) : 0;
}

}  // namespace weft::runtime
