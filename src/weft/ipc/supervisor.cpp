#include "weft/ipc/supervisor.h"

#include <array>
#include <atomic>

#include "weft/errors.h"
#include "weft/ipc/exit_records.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/object_table.h"
#include "weft/ipc/self.h"
#include "weft/ipc/shared_allocator.h"
#include "weft/platform/futex.h"
#include "weft/platform/thread.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/park.h"

namespace weft::ipc {
namespace {

namespace shared = platform::shared;
namespace table = platform::process_table;
using layout::object_at;
using layout::slot_at;
using shared::Offset;

// Replies in a slot's kRequest word; the other values are Request's.
constexpr std::uint32_t kReplied = 100;
constexpr std::uint32_t kRefused = 101;

std::atomic<std::uint32_t> bytes_used{0};

// Never destroyed, as the supervisor's thread never ends.
ExitRecords& exit_records() {
  static auto* const records = new ExitRecords;
  return *records;
}

std::uint32_t slot_word(std::uint32_t slot, Offset word) noexcept {
  return shared::load(slot_at(slot) + word);
}

void set_slot_word(std::uint32_t slot, Offset word, std::uint32_t value) noexcept {
  shared::store(slot_at(slot) + word, value);
}

void set_state(std::uint32_t slot, table::State state) noexcept {
  set_slot_word(slot, layout::slot::kState, state);
  shared::wake(slot_at(slot) + layout::slot::kState, platform::kAllWaiters);
}

class Supervisor {
 public:
  Supervisor() : allocator_(layout::kAllocatorBegin, shared::size()) { prepare_first_slot(); }

  // An eventcount: the count is read before the tables are polled, so that an event during the poll
  // makes the wait return at once.
  [[noreturn]] void run() noexcept {
    for (;;) {
      const std::uint32_t seen = shared::load(table::header::kEvents);
      for (std::uint32_t slot = 1; slot < table::kSlots; ++slot) poll_process(slot);
      for (std::uint32_t slot = 0; slot < table::kSlots; ++slot) reply(slot);
      poll_objects();
      publish_used();
      platform::wait_for_events(seen);
    }
  }

 private:
  /// The supervisor's own view of a slot's life; the slot's state word is also written by others.
  enum class Phase {
    unused,
    filling,  ///< allocated; its parent writes the launch record
    live,     ///< from the start of the process until it is reaped
    over,     ///< reaped; until the parent, if it is alive, releases the slot
  };

  struct Slot {
    Phase phase = Phase::unused;
    Offset launch = 0;
  };

  struct Object {
    std::uint32_t roles = 0;
    std::uint32_t notified = 0;  // bit mask of the roles for which last_handle_dropped was called
  };

  static void prepare_first_slot() noexcept {
    shared::store(table::header::kNextNumber, 2);
    set_slot_word(0, layout::slot::kNumber, 1);
    set_slot_word(0, layout::slot::kClaimed, layout::slot::kOrphan);
    set_slot_word(0, layout::slot::kProcessId, platform::process_id());
    set_slot_word(0, layout::slot::kObject, next_object_number());
    set_state(0, table::kRunning);
  }

  static std::uint32_t next_object_number() noexcept {
    return trace::kFirstSharedObject + 1 + shared::fetch_add(layout::run::kNextObject, 1);
  }

  void publish_used() const noexcept {
    bytes_used.store(allocator_.used(), std::memory_order_relaxed);
  }

  // Requests

  void reply(std::uint32_t slot) noexcept {
    const std::uint32_t request = slot_word(slot, layout::slot::kRequest);
    if (request == 0 || request == kReplied || request == kRefused) return;
    std::array<std::uint32_t, 3> arguments{};
    for (std::uint32_t i = 0; i < arguments.size(); ++i) {
      arguments[i] = slot_word(slot, layout::slot::kRequestArgument + 4 * i);
    }
    std::optional<std::uint32_t> result;
    switch (static_cast<Request>(request)) {
      case Request::new_object:
        result = new_object(slot, arguments[0], arguments[1], arguments[2]);
        break;
      case Request::new_process: result = new_process(slot); break;
      case Request::launch_room: result = launch_room(arguments[0], arguments[1]); break;
      case Request::none: break;
    }
    set_slot_word(slot, layout::slot::kReply, result.value_or(0));
    set_slot_word(slot, layout::slot::kRequest, result ? kReplied : kRefused);
    shared::wake(slot_at(slot) + layout::slot::kRequest, platform::kAllWaiters);
  }

  std::optional<std::uint32_t> new_object(std::uint32_t slot, std::uint32_t kind,
                                          std::uint32_t bytes, std::uint32_t roles) noexcept {
    std::uint32_t index = 0;
    while (index < objects_end_ && objects_[index].roles != 0) ++index;
    if (index == layout::kObjects) return std::nullopt;
    const auto data = allocator_.allocate(bytes);
    if (!data) return std::nullopt;
    objects_[index] = {roles, 0};
    if (index == objects_end_) ++objects_end_;
    const Offset at = object_at(index);
    shared::store(at + layout::object::kKind, kind);
    shared::store(at + layout::object::kData, *data);
    shared::store(at + layout::object::kDataBytes, bytes);
    shared::store(at + layout::object::kNumber, next_object_number());
    shared::store(at + layout::object::kSequence, 0);
    shared::store(at + layout::object::kNameBytes, 0);
    for (std::uint32_t role = 0; role < roles; ++role) {
      shared::store(layout::handle_count_at(index, role, slot), 1);
    }
    shared::fetch_add(at + layout::object::kGeneration, 1);
    return index;
  }

  std::optional<std::uint32_t> launch_room(std::uint32_t slot, std::uint32_t bytes) noexcept {
    const auto launch = allocator_.allocate(bytes);
    if (!launch) return std::nullopt;
    slots_[slot].launch = *launch;
    set_slot_word(slot, layout::slot::kLaunch, *launch);
    set_slot_word(slot, layout::slot::kLaunchBytes, bytes);
    return launch;
  }

  std::optional<std::uint32_t> new_process(std::uint32_t parent) noexcept {
    std::uint32_t slot = 1;
    while (slot < table::kSlots && slots_[slot].phase != Phase::unused) ++slot;
    if (slot == table::kSlots) return std::nullopt;
    slots_[slot] = {Phase::filling, 0};
    // The number first: a thread of the slot's previous process may still run (in a browser), and
    // detects by the number that the slot is reused.
    set_slot_word(slot, layout::slot::kNumber, shared::fetch_add(table::header::kNextNumber, 1));
    for (const Offset word :
         {layout::slot::kExitCode, layout::slot::kKilled, layout::slot::kSignal,
          layout::slot::kProcessId, layout::slot::kFailure, layout::slot::kFlags,
          layout::slot::kStop, layout::slot::kRequest, layout::slot::kSequence}) {
      set_slot_word(slot, word, 0);
    }
    set_slot_word(slot, layout::slot::kParent, slot_word(parent, layout::slot::kNumber));
    set_slot_word(slot, layout::slot::kParentSlot, parent);
    set_slot_word(slot, layout::slot::kObject, next_object_number());
    set_slot_word(slot, layout::slot::kClaimed, 1 + parent);
    return slot;
  }

  // Processes

  // Polls a slot's state word and advances its phase.
  void poll_process(std::uint32_t slot) noexcept {
    const std::uint32_t state = slot_word(slot, layout::slot::kState);
    switch (slots_[slot].phase) {
      case Phase::unused: return;
      case Phase::filling:
        if (state == table::kRequested) {
          slots_[slot].phase = Phase::live;
          set_state(slot, table::kStarting);
          platform::start_process(slot);
          // The start may have failed synchronously.
          poll_process(slot);
        } else if (state == table::kFailed) {
          discard_slot(slot);
        }
        return;
      case Phase::live:
        if (state == table::kEnded || state == table::kFailed || state == table::kFree) {
          reap(slot, state);
        } else if (state == table::kAccepted || state == table::kRunning) {
          forward_signal(slot);
        }
        return;
      case Phase::over:
        if (state == table::kFree ||
            slot_word(slot, layout::slot::kClaimed) == layout::slot::kOrphan) {
          release_slot(slot);
        }
        return;
    }
  }

  static void forward_signal(std::uint32_t slot) noexcept {
    const std::uint32_t signal = shared::exchange(slot_at(slot) + layout::slot::kSignal, 0);
    if (signal != 0) platform::signal_process(slot, static_cast<int>(signal));
  }

  // Reaps a process: records its exit, orphans its children, drops its references with owner-death
  // recovery, and notifies the threads that join it.
  void reap(std::uint32_t slot, std::uint32_t state) noexcept {
    const bool recorded =
        (slot_word(slot, layout::slot::kFlags) & layout::slot::kExitRecorded) != 0;
    if (state == table::kEnded && !recorded) exit_records().write(slot);
    // Cancels its pending request, whose result would have no owner.
    set_slot_word(slot, layout::slot::kRequest, 0);
    for (std::uint32_t other = 1; other < table::kSlots; ++other) {
      if (slots_[other].phase != Phase::unused &&
          slot_word(other, layout::slot::kClaimed) == 1 + slot) {
        orphan(other);
      }
    }
    reclaim(slot);
    slots_[slot].phase = Phase::over;
    if (state == table::kFree) {
      release_slot(slot);
      return;
    }
    if (state == table::kEnded) set_state(slot, table::kReaped);
    shared::fetch_add(slot_at(slot) + layout::slot::kEndings, 1);
    shared::wake(slot_at(slot) + layout::slot::kEndings, platform::kAllWaiters);
    shared::fetch_add(layout::run::kReady, 1);
    shared::wake(layout::run::kReady, platform::kAllWaiters);
    poll_process(slot);
  }

  void reclaim(std::uint32_t slot) noexcept {
    drop_handles_of(slot);
    if (slots_[slot].launch != 0) allocator_.free(slots_[slot].launch);
    slots_[slot].launch = 0;
    publish_used();
  }

  // Releases the slot of a process that was never started.
  void discard_slot(std::uint32_t slot) noexcept {
    reclaim(slot);
    release_slot(slot);
  }

  // The process's parent has ended: terminates a daemon or helper; the slot of any other is
  // released when it ends.
  void orphan(std::uint32_t slot) noexcept {
    set_slot_word(slot, layout::slot::kClaimed, layout::slot::kOrphan);
    if (slots_[slot].phase == Phase::filling) {
      discard_slot(slot);
      return;
    }
    constexpr std::uint32_t kTerminate = 15;
    if (slots_[slot].phase == Phase::live &&
        (slot_word(slot, layout::slot::kFlags) & layout::slot::kEndsWithParent) != 0) {
      set_slot_word(slot, layout::slot::kSignal, kTerminate);
    }
    // Repeats the poll, as this slot may precede the parent's.
    shared::fetch_add(table::header::kEvents, 1);
  }

  // Releases the slot for reuse.
  void release_slot(std::uint32_t slot) noexcept {
    slots_[slot] = {};
    set_slot_word(slot, layout::slot::kClaimed, 0);
    set_slot_word(slot, layout::slot::kState, table::kFree);
  }

  // Objects

  // Runs each object's owner-death recovery for a dead process, then drops the process's
  // references.
  void drop_handles_of(std::uint32_t slot) noexcept {
    const DeadProcess process{
        slot_word(slot, layout::slot::kNumber), slot,
        static_cast<int>(slot_word(slot, layout::slot::kExitCode)),
        (slot_word(slot, layout::slot::kFlags) & layout::slot::kFinished) == 0};
    for (std::uint32_t index = 0; index < objects_end_; ++index) {
      if (objects_[index].roles == 0) continue;
      const ObjectRef object = ref(index);
      if (const auto callback = cleanup_hooks_of(object.kind()).process_died)
        callback(object, process);
      bool had_handle = false;
      for (std::uint32_t role = 0; role < layout::object::kRoles; ++role) {
        had_handle |= shared::exchange(layout::handle_count_at(index, role, slot), 0) != 0;
      }
      if (had_handle) poll_object(index);
    }
  }

  // Polls the objects of which a process has dropped its last reference.
  void poll_objects() noexcept {
    for (std::uint32_t word = 0; word * 32 < objects_end_; ++word) {
      std::uint32_t bits = shared::load(layout::run::kToPoll + 4 * word);
      if (bits == 0) continue;
      bits = shared::exchange(layout::run::kToPoll + 4 * word, 0);
      for (std::uint32_t bit = 0; bit < 32; ++bit) {
        if ((bits >> bit & 1) != 0) poll_object(word * 32 + bit);
      }
    }
  }

  // Calls last_handle_dropped once for each role whose reference count has reached 0; destroys the
  // object when all have.
  void poll_object(std::uint32_t index) noexcept {
    Object& object = objects_[index];
    if (object.roles == 0) return;
    const std::uint32_t unreferenced = unreferenced_roles(index, object.roles);
    for (std::uint32_t role = 0; role < object.roles; ++role) {
      if ((unreferenced & ~object.notified) >> role & 1) {
        object.notified |= 1U << role;
        if (const auto callback = cleanup_hooks_of(ref(index).kind()).last_handle_dropped) {
          callback(ref(index), role);
        }
      }
    }
    if (unreferenced == (1U << object.roles) - 1) destroy(index);
  }

  // Bit mask of the roles without references. The counts are per process and change during the
  // scan: as a seqlock's reader it retries until kChanges was stable. See drop_reference in
  // object_table.cpp.
  static std::uint32_t unreferenced_roles(std::uint32_t index, std::uint32_t roles) noexcept {
    const Offset changes = object_at(index) + layout::object::kChanges;
    for (;;) {
      const std::uint32_t before = shared::load(changes);
      std::uint32_t unreferenced = 0;
      for (std::uint32_t role = 0; role < roles; ++role) {
        std::uint32_t count = 0;
        for (std::uint32_t holder = 0; holder < layout::object::kHolders; ++holder) {
          count += shared::load(layout::handle_count_at(index, role, holder));
        }
        if (count == 0) unreferenced |= 1U << role;
      }
      if (shared::load(changes) == before) return unreferenced;
    }
  }

  void destroy(std::uint32_t index) noexcept {
    const Offset at = object_at(index);
    shared::fetch_add(at + layout::object::kGeneration, 1);
    shared::store(at + layout::object::kKind, 0);
    allocator_.free(shared::load(at + layout::object::kData));
    objects_[index] = {};
  }

  static ObjectRef ref(std::uint32_t index) noexcept {
    return {index, shared::load(object_at(index) + layout::object::kGeneration)};
  }

  SharedAllocator allocator_;
  std::array<Slot, table::kSlots> slots_{};
  std::array<Object, layout::kObjects> objects_{};
  std::uint32_t objects_end_ = 0;  // entries from here on were never used
};

bool start_supervisor() {
  if (!shared::attached()) shared::create(layout::kSharedBytes);
  // Never destroyed: its thread runs until the process exits.
  auto* const supervisor = new Supervisor;
  const auto run = [](void* raw) noexcept { static_cast<Supervisor*>(raw)->run(); };
  platform::detach_thread(platform::start_thread({run, [](void*) noexcept {}, supervisor}));
  return true;
}

/// A lock on the process's request words: a futex mutex that is always treated as contended.
class RequestLock {
 public:
  RequestLock() {
    while (taken().exchange(kContended) != kFree) {
      runtime::park(taken(), kContended, std::nullopt,
                    {trace::Reason::process, nullptr, runtime::Where::current(), true},
                    runtime::Stoppable::no);
    }
  }
  ~RequestLock() {
    taken().store(kFree);
    runtime::wake(taken(), 1);
  }
  RequestLock(const RequestLock&) = delete;
  RequestLock& operator=(const RequestLock&) = delete;

 private:
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kContended = 1;

  static std::atomic<std::uint32_t>& taken() noexcept {
    static std::atomic<std::uint32_t> word{kFree};
    return word;
  }
};

}  // namespace

void open_supervisor() {
  if (own_slot() != 0) return;
  [[maybe_unused]] static const bool started = start_supervisor();
  exit_records().follow_session();
}

std::optional<std::uint32_t> ask_supervisor(Request request, std::uint32_t first,
                                            std::uint32_t second, std::uint32_t third) {
  const RequestLock lock;
  const Offset place = own_slot_offset();
  const Offset word = place + layout::slot::kRequest;
  const std::array<std::uint32_t, 3> arguments{first, second, third};
  {
    const shared::Access access;
    for (std::uint32_t i = 0; i < arguments.size(); ++i) {
      shared::store(place + layout::slot::kRequestArgument + 4 * i, arguments[i]);
    }
    shared::store(word, static_cast<std::uint32_t>(request));
  }
  const auto wanted = static_cast<std::uint32_t>(request);
  if (!platform::notify_supervisor() && shared::compare_exchange(word, wanted, 0) == wanted) {
    throw RuntimeError(
        "can't notify the supervisor: this program has closed the library's descriptors or had "
        "none left");
  }
  std::uint32_t now = wanted;
  while ((now = shared::load(word)) != kReplied && now != kRefused) {
    runtime::park_shared(word, now, std::nullopt, {trace::Reason::process}, runtime::Stoppable::no);
  }
  const shared::Access access;
  const std::uint32_t answer = shared::load(place + layout::slot::kReply);
  shared::store(word, 0);
  if (now == kRefused) return std::nullopt;
  return answer;
}

std::uint32_t shared_bytes_used() noexcept { return bytes_used.load(std::memory_order_relaxed); }

}  // namespace weft::ipc
