#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/platform/mutex.h"
#include "weft/platform/thread.h"
#include "weft/runtime/call_sites.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/object.h"
#include "weft/runtime/park.h"
#include "weft/runtime/scheduler.h"
#include "weft/runtime/session.h"
#include "weft/runtime/session_thread.h"
#include "weft/runtime/time.h"
#include "weft/trace/ring.h"

namespace weft::runtime {

/// What the runtime keeps of one thread. Lives in a std::shared_ptr.
struct ThreadState : std::enable_shared_from_this<ThreadState> {
  /// How exactly a record's time has to be read.
  enum class Stamp {
    exact,   ///< reads the clock: the record begins or ends a span
    coarse,  ///< may take over the time of the thread's previous record
  };

  ThreadState(Session* session, std::uint32_t number, std::string name, bool daemon = false);
  ~ThreadState();
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  std::string name() const;
  /// Names the thread anew, for everybody who asks from now on; the trace learns of it only if the
  /// thread names itself.
  void set_name(std::string name);

  /// Records an operation on `object`, which has a place in the order of all that is done to it: its
  /// sequence number is returned, 0 if nothing was recorded.
  std::uint32_t note(trace::Kind kind, Object* object, std::uint64_t argument, std::uint32_t detail,
                     Stamp stamp) noexcept;
  /// As `note`, of a kind with a place in the source.
  std::uint32_t note_with_where(trace::Kind kind, Object& object, const Where& where,
                                std::uint32_t argument, std::uint32_t detail, Stamp stamp) noexcept;
  /// Records an operation that changes the level of `object` by `change`: the argument is the level
  /// after it. Other threads may do the same to the object at the same time. `where` may be unknown, and
  /// is for kinds that have one.
  std::uint32_t note_change(trace::Kind kind, LevelObject& object, std::int32_t change,
                            std::uint32_t detail, const Where& where) noexcept;
  /// Records an operation that has its time and its place in the order of its object already.
  void note_at(std::uint64_t time, std::uint32_t sequence, trace::Kind kind, Object& object,
               std::uint64_t argument, std::uint32_t detail) noexcept;
  /// Records that the thread begins to wait, which changes nothing about the object; and ends to.
  void note_blocked(const Waiting& waiting) noexcept;
  void note_unblocked(const Waiting& waiting, trace::Unblocked how) noexcept;
  /// The string id of a place in the source; 0 if it is unknown, or the thread is not traced.
  std::uint32_t string_id(const Where& where) noexcept;
  void note_with_payload(trace::Kind kind, std::uint32_t object, std::uint32_t sequence,
                         std::uint32_t detail, std::string_view payload) noexcept;
  std::uint64_t stamp(Stamp stamp) noexcept;
  /// Without any lock of the core: writes down what found no room in the thread's ring. If it has to wait for
  /// the reader, that is a span in which the thread is blocked, and has not the GIL.
  void catch_up() noexcept {
    if (ring != nullptr && ring->is_behind()) [[unlikely]] wait_for_reader();
  }
  /// The same at the thread's end, after its last record.
  void finish_writing() noexcept;
  /// The next record reads the clock: time has passed that no record tells of.
  void forget_stamp() noexcept { reuses_ = 0; }
  /// True if the thread has to throw Stopped now.
  bool must_stop() const noexcept;
  /// True if `Stopped` ends it because it is a daemon and the run is over.
  bool ends_with_process() const noexcept {
    return daemon && session->ending() && !session->stopping();
  }

  Session* const session;  // null: the thread belongs to no session
  const std::uint32_t number;
  const bool daemon;  ///< the session's end does not wait for it
  trace::Ring* ring = nullptr;  // null: not traced

  Scheduler* scheduler = nullptr;  ///< null: the operating system's
  bool has_gil = false;            ///< Gil's
  const Object* works_on = nullptr;  // the future of the task that it runs

  static constexpr std::uint32_t kRunning = 0;
  static constexpr std::uint32_t kEnded = 1;
  static constexpr std::uint32_t kLeaving = 2;  ///< all that is left is to tell those who join
  /// What `join_thread` parks on.
  std::atomic<std::uint32_t> ended{kRunning};
  bool has_ended() const noexcept { return ended.load(std::memory_order_acquire) == kEnded; }
  Object object{trace::ObjectType::thread};
  platform::ThreadHandle handle;
  /// For who joins it: by which record it ended.
  std::atomic<std::uint64_t> ended_by{0};
  std::atomic<bool> has_handle{false};  // whoever turns it false joins or detaches

  /// The word that the thread sleeps on; null while it does not. The next ones belong to it: to be
  /// read only in a census of the session's ThreadList, and while the word is set.
  std::atomic<const std::atomic<std::uint32_t>*> parked_on{nullptr};
  /// The same, if that word lies in the memory that processes share; 0 while it does not sleep there.
  std::atomic<platform::shared::Offset> parked_on_shared{0};
  std::uint32_t parked_expecting = 0;
  bool parked_for_ever = false;
  Waiting parked_waiting{};
  std::atomic<std::uint32_t> times_parked{0};
  std::uint32_t times_parked_before = 0;  // guarded by the session

  bool started = false;  ///< by start_thread: it ends, and can be joined
  std::atomic<std::uint64_t> native_id{0};  ///< the system's number for it, once it runs

  ThreadState* next_alive = nullptr;  // guarded by the registry
  ThreadState* previous_alive = nullptr;
  ThreadState* next_in_session = nullptr;  // guarded by the session, as is the next
  ThreadState* previous_in_session = nullptr;

 private:
  mutable platform::Mutex name_mutex_;
  std::string name_;  // guarded by name_mutex_

  void wait_for_reader() noexcept;
  std::uint32_t id_of(Object* object);
  trace::Record new_record(trace::Kind kind, std::uint32_t detail, Stamp stamp) noexcept;

  void note_span(trace::Kind kind, Object* object, std::uint64_t argument,
                 std::uint32_t detail) noexcept;

  CallSites call_sites_;
  std::uint64_t last_stamp_ = 0;
  std::uint32_t reuses_ = 0;       // coarse records to come that take over last_stamp_
  std::uint32_t next_reuses_ = 0;
};

inline std::uint32_t Object::known_id(const ThreadState& thread) const noexcept {
  const std::uint64_t known_as = known_as_.load(std::memory_order_acquire);
  return known_as >> 32 == thread.session->serial() ? static_cast<std::uint32_t>(known_as) : 0;
}

}  // namespace weft::runtime
