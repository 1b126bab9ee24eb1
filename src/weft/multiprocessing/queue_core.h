#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/message.h"
#include "weft/multiprocessing/ring.h"
#include "weft/multiprocessing/view.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/spin.h"
#include "weft/runtime/thread_state.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// What the queues are but for the type of their items: a ring, and in each process a feeder, a thread that
/// sends what the ring had no room for.
///
/// How many items there are is told by places in the ring and by what each process has yet to send, so it
/// is right wherever a process is killed: what that one had not sent is forgotten. Where several words
/// have to change together that is done under the gate, a lock that nobody sleeps with, and what is half
/// done the kernel puts right.
class QueueCore : public View, public std::enable_shared_from_this<QueueCore> {
 public:
  enum class Flavour : std::uint32_t { simple, plain, joinable };

  // The roles of a queue.
  static constexpr std::uint32_t kUses = 0;   ///< puts and gets
  static constexpr std::uint32_t kSends = 1;  ///< is closed, and only sends what was put before

  explicit QueueCore(Hold held);

  /// A new one; maxsize 0: no limit.
  static Hold make(Flavour flavour, std::uint32_t maxsize, std::string_view name);

  void put(OutgoingMessage& message, bool block, runtime::Timeout timeout, runtime::Where where);
  void get(Incoming& message, bool block, runtime::Timeout timeout, runtime::Where where);
  void task_done();
  void join(runtime::Where where);

  /// Of the queue, which the process has.
  const ObjectRef& ref() const noexcept { return ref_; }
  std::string name() const { return ref_.name(); }
  std::uint32_t size() const noexcept;
  std::uint32_t maxsize() const noexcept { return maxsize_; }
  bool ready() noexcept { return ring_.ready(); }

  /// No more is put or got by this process; who waits for that gets ValueError. The feeder ends when all
  /// is sent.
  void close() noexcept;
  /// By the only process that puts, of which threads may go on getting: no more is put; who gets, anywhere,
  /// gets EOFError when nothing is left.
  void finish() noexcept;
  /// As close(), and what is not sent by now need not be.
  void drop() noexcept;
  bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }
  /// Blocks until the feeder has ended: all is sent, or there is no process any more that could get it.
  void join_feeder(runtime::Stoppable stoppable, runtime::Where where);

 private:
  friend struct QueueCare;
  using Offset = platform::shared::Offset;

  static constexpr std::uint32_t kCapacity = 4096;  // units: 64 kB
  static constexpr Offset kFlavour = 0;
  static constexpr Offset kMaxsize = 4;
  static constexpr Offset kGate = 64;         ///< a robust lock
  static constexpr Offset kUnfinished = 68;   ///< items that were sent, less those reported as done
  static constexpr Offset kIntent = 72;       ///< 1: an item is being sent and counted, and before that
  static constexpr Offset kMessages = 76;     ///< … so many messages had been sent
  static constexpr Offset kBefore = 80;       ///< … and kUnfinished was this
  static constexpr Offset kRoom = 128;        ///< what those sleep on who wait for room
  static constexpr Offset kDone = 132;        ///< … and those in join()
  static constexpr Offset kDied = 136;        ///< a process that was killed before it had finished its items
  static constexpr Offset kFeeders = 140;     ///< 1: since some process had items that it had yet to send
  static constexpr Offset kTakenFrom = 144;   ///< where in the ring the item lay that was taken last
  static constexpr Offset kToSend = 192;      ///< a word a slot: items that it has accepted and not sent
  static constexpr Offset kWork = kToSend + 256;  ///< a word a slot: items got, less reported as done; see count_work
  static constexpr Offset kRing = kWork + 256;
  static constexpr std::uint32_t kBytes = kRing + Ring::bytes(kCapacity);
  static_assert(platform::process_table::kSlots * 4 == 256);

  // In kRoom and kDone.
  static constexpr std::uint32_t kSleeps = 1;
  static constexpr std::uint32_t kTurn = 2;  // from here up: counts how often sleepers were woken

  bool has_gate() const noexcept { return maxsize_ != 0 || flavour_ == Flavour::joinable; }
  std::uint32_t to_send() const noexcept;
  static void wake_sleepers(Offset word, std::uint32_t most) noexcept;
  static void wake_if_asleep(Offset word, std::uint32_t most) noexcept;
  runtime::Waiting waiting(trace::Reason reason, runtime::Where where) noexcept {
    return {reason, &object, where, true};
  }

  void pass_on_room() noexcept;
  bool try_put(OutgoingMessage& message, SharedNote& note);
  bool send_soon(Ring::Framed message, SharedNote& note) noexcept;
  template <class Send>
  Ring::Sent send_counted(Send send) noexcept;
  enum class Room { seen, after_sleep, not_in_time };
  Room wait_for_room(const runtime::Deadline& deadline, runtime::Where where);
  std::uint32_t unfinished() const noexcept;
  bool all_done() noexcept;

  void start_feeder();
  void accept(OutgoingMessage& message, SharedNote& note);
  void feed();
  Ring::Framed first_accepted();
  bool send_accepted(Ring::Framed message);
  template <class Send>
  Ring::Sent send_through_gate(Send send, runtime::Waiting for_gate) noexcept;
  void forget_accepted() noexcept;
  void set_closed() noexcept;
  void only_send() noexcept;
  [[noreturn]] void throw_closed() const;

  const ObjectRef ref_;
  const Flavour flavour_;
  const std::uint32_t maxsize_;
  Ring ring_;
  runtime::Spin room_spin_;
  std::atomic<bool> closed_{false};  // becomes true with mutex_: nothing is accepted from then on
  std::atomic<bool> finishes_{false};
  std::atomic<bool> dropped_{false};

  platform::Mutex mutex_;
  std::deque<Bytes> accepted_;  // guarded by mutex_, as is the next
  std::shared_ptr<runtime::ThreadState> feeder_;
  bool only_sends_ = false;  // guarded by mutex_, and from then on `hold` is in the role kSends
  std::atomic<std::uint32_t> unsent_{0};   // how many of them there are
  std::atomic<std::uint32_t> signals_{0};  // what the feeder sleeps on
};

/// The handles of a queue in a process, all together: the last of them blocks until all is sent, or there
/// is no process any more that could get it.
class QueueHandle {
 public:
  explicit QueueHandle(Hold held) : core_(std::make_shared<QueueCore>(std::move(held))) {}
  ~QueueHandle();

  QueueCore* operator->() noexcept { return core_.get(); }

  /// A handle for another process, which may put and get whatever this one does.
  Hold hold_to_send() const { return Hold(core_->ref(), QueueCore::kUses); }

  void join_thread(runtime::Where where);
  void cancel_join_thread() noexcept { cancelled_.store(true); }

 private:
  const std::shared_ptr<QueueCore> core_;
  std::atomic<bool> cancelled_{false};
};

/// As serialise_view.
void serialise_queue(Archive& archive, std::shared_ptr<Lazy<QueueHandle>>& queue);

}  // namespace weft::multiprocessing
