#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "weft/ipc/message_ring.h"
#include "weft/ipc/shared_object_view.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/message.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/spin.h"
#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The type-erased implementation of the queues: a ring buffer and, in each process, a feeder
/// thread that sends the items the ring had no room for.
///
/// The size is computed from positions in the ring and from each process's count of accepted but
/// unsent items. It is therefore exact wherever a process is killed: the unsent items of that
/// process are lost, and its count is zeroed. Where several words must change together, they change
/// under the count lock, a robust lock that is never held while parked; the supervisor completes or
/// rolls back an update that a killed process left half done.
class QueueCore : public ipc::SharedObjectView, public std::enable_shared_from_this<QueueCore> {
 public:
  enum class Flavour : std::uint32_t { simple, plain, joinable };

  // The roles of a queue's handles.
  static constexpr std::uint32_t kUses = 0;   ///< can put and get
  static constexpr std::uint32_t kSends = 1;  ///< closed; only sends what was put before

  explicit QueueCore(ipc::ObjectHandle held);

  /// Creates one; maxsize 0 means unbounded.
  static ipc::ObjectHandle make(Flavour flavour, std::uint32_t maxsize,
                                const ObjectOptions& options);

  void put(OutgoingMessage& message, bool block, runtime::Timeout timeout, runtime::Where where);
  void get(ipc::ReceivedMessage& message, bool block, runtime::Timeout timeout,
           runtime::Where where);
  void task_done();
  void join(runtime::Where where);

  /// The queue's object, on which this process has a handle.
  const ipc::ObjectRef& ref() const noexcept { return ref_; }
  std::string name() const { return ref_.name(); }
  std::uint32_t size() const noexcept;
  std::uint32_t maxsize() const noexcept { return maxsize_; }
  bool ready() noexcept { return ring_.ready(); }

  /// Closes the queue for this process; blocked callers get ValueError. The feeder ends once
  /// everything is sent.
  void close() noexcept;
  /// Ends the stream; only for a single producer process, whose threads may go on getting. No more
  /// is put; a consumer, in any process, gets EOFError once the queue is drained.
  void finish() noexcept;
  /// As close(), and unsent items may be discarded.
  void drop() noexcept;
  bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }
  /// Blocks until the feeder has ended: everything is sent, or no process is left that could
  /// receive it.
  void join_feeder(runtime::Stoppable stoppable, runtime::Where where);

 private:
  friend struct QueueRecovery;
  using Offset = platform::shared::Offset;

  static constexpr std::uint32_t kCapacity = 4096;  // in units: 64 kB
  static constexpr Offset kFlavour = 0;
  static constexpr Offset kMaxsize = 4;
  static constexpr Offset kCountLock = 64;   ///< a robust lock
  static constexpr Offset kUnfinished = 68;  ///< items sent and not yet reported as done
  static constexpr Offset kIntent = 72;      ///< 1: send-and-count in progress (redo record)
  static constexpr Offset kMessages = 76;    ///< … MessageRing::messages_sent() before it
  static constexpr Offset kBefore = 80;      ///< … kUnfinished before it
  static constexpr Offset kRoom = 128;       ///< futex word of put(), while the queue is full
  static constexpr Offset kDone = 132;       ///< futex word of join()
  static constexpr Offset kDied = 136;       ///< a process killed with unfinished items; 0: none
  static constexpr Offset kFeeders = 140;    ///< 1: some process has had unsent items
  static constexpr Offset kTakenFrom = 144;  ///< ring position of the item received last
  static constexpr Offset kToSend = 192;     ///< per slot: items accepted and unsent
  static constexpr Offset kWork = kToSend + 256;  ///< per slot: items got, not done; see count_work
  static constexpr Offset kRing = kWork + 256;
  static constexpr std::uint32_t kBytes = kRing + ipc::MessageRing::bytes(kCapacity);
  static_assert(platform::process_table::kSlots * 4 == 256);

  // Bits of kRoom and kDone: a waiter flag and an epoch, as in MessageRing.
  static constexpr std::uint32_t kHasSleepers = 1;
  static constexpr std::uint32_t kEpochUnit = 2;  // unit of the epoch, which counts wake-ups

  bool has_count_lock() const noexcept { return maxsize_ != 0 || flavour_ == Flavour::joinable; }
  std::uint32_t to_send() const noexcept;
  static void wake_sleepers(Offset word, std::uint32_t most) noexcept;
  static void wake_if_waiting(Offset word, std::uint32_t most) noexcept;
  runtime::Waiting waiting(trace::Reason reason, runtime::Where where) noexcept {
    return {reason, &object, where, true};
  }

  void pass_on_wake_up() noexcept;
  bool try_put(OutgoingMessage& message, ipc::SharedRecord& record);
  bool spin_send(ipc::MessageRing::Framed message, ipc::SharedRecord& record) noexcept;
  template <class Send>
  ipc::MessageRing::Sent send_counted(Send send) noexcept;
  enum class Room { seen, after_sleep, not_in_time };
  Room wait_for_room(const runtime::Deadline& deadline, runtime::Where where);
  std::uint32_t unfinished() const noexcept;
  bool all_done() noexcept;

  void start_feeder();
  void accept(OutgoingMessage& message, ipc::SharedRecord& record);
  void feed();
  ipc::MessageRing::Framed first_accepted();
  bool send_accepted(ipc::MessageRing::Framed message);
  template <class Send>
  ipc::MessageRing::Sent send_locked(Send send, runtime::Waiting for_lock) noexcept;
  void discard_accepted() noexcept;
  void set_closed() noexcept;
  void only_send() noexcept;
  [[noreturn]] void throw_closed() const;

  const ipc::ObjectRef ref_;
  const Flavour flavour_;
  const std::uint32_t maxsize_;
  ipc::MessageRing ring_;
  runtime::Spin room_spin_;
  std::atomic<bool> closed_{false};  // set under mutex_; nothing is accepted from then on
  std::atomic<bool> finishes_{false};
  std::atomic<bool> dropped_{false};

  platform::Mutex mutex_;
  std::deque<Bytes> accepted_ WEFT_GUARDED_BY(mutex_);
  std::shared_ptr<runtime::ThreadState> feeder_ WEFT_GUARDED_BY(mutex_);
  bool only_sends_ WEFT_GUARDED_BY(mutex_) = false;  // once set, `handle` has the role kSends
  std::atomic<std::uint32_t> unsent_{0};             // size of accepted_, readable without mutex_
  std::atomic<std::uint32_t> signals_{0};            // futex word of the feeder
};

/// The handles of a queue in one process, counted together. Destroying the last one blocks until
/// all items are sent, or no process is left that could receive them.
class QueueHandle {
 public:
  explicit QueueHandle(ipc::ObjectHandle held)
      : core_(std::make_shared<QueueCore>(std::move(held))) {}
  ~QueueHandle();

  QueueCore* operator->() noexcept { return core_.get(); }

  /// A handle for another process, with the right to put and get.
  ipc::ObjectHandle handle_to_send() const {
    return ipc::ObjectHandle(core_->ref(), QueueCore::kUses);
  }

  void join_thread(runtime::Where where);
  void cancel_join_thread() noexcept { cancelled_.store(true); }

 private:
  const std::shared_ptr<QueueCore> core_;
  std::atomic<bool> cancelled_{false};
};

/// As serialise_view, for a queue.
void serialise_queue(Archive& archive, std::shared_ptr<ipc::Lazy<QueueHandle>>& queue);

}  // namespace weft::multiprocessing
