#include "weft/multiprocessing/event.h"

#include <optional>

#include "weft/ipc/shared_record.h"
#include "weft/ipc/wait_queue.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// The object is the word of a wait queue: the flag, and a count of the set() calls that had an
// effect, modulo 2^30. The count lets a waiter observe a set() that a clear() has undone already.
constexpr std::uint32_t kSet = 1;
constexpr std::uint32_t kSetCountUnit = 2;  // one set()
constexpr std::uint32_t kValueBits = ~ipc::WaitQueue::kHasWaiters;

struct Wait : ipc::WaitQueue::Waiter {
  explicit Wait(std::uint32_t before_) : before(before_) {}

  ipc::WaitQueue::Decision decide(std::uint32_t value) const noexcept {
    if ((value & kSet) != 0 || value / kSetCountUnit != before / kSetCountUnit)
      return ipc::WaitQueue::Decision::leave();
    return ipc::WaitQueue::Decision::wait(value);
  }

  const std::uint32_t before;
};

void process_died(ipc::ObjectRef event, const ipc::DeadProcess&) noexcept {
  ipc::WaitQueue(event.data()).recover();
}

const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::event, {nullptr, process_died});

}  // namespace

Event::Event(Options options)
    : state_(std::make_shared<ipc::Lazy<State>>([options = std::move(options)] {
        return std::move(ipc::create_object(ipc::ObjectKind::event, 4, options).handles[0]);
      })) {}

bool Event::is_set() const { return (shared::load((*state_)->at) & kSet) != 0; }

void Event::set() {
  State& state = **state_;
  runtime::point(trace::Kind::event_set, state.object);
  ipc::SharedRecord record(state.object);
  {
    const shared::Access access;
    const ipc::WaitQueue queue(state.at);
    const auto was = queue.update([](std::uint32_t value) -> std::optional<std::uint32_t> {
      if ((value & kSet) != 0) return std::nullopt;
      return (value + kSetCountUnit + kSet) & kValueBits;
    });
    if (!was) return;
    record.assign_sequence();
    queue.wake(*was, ipc::WaitQueue::kAll);
  }
  record.write(trace::Kind::event_set);
}

void Event::clear() {
  State& state = **state_;
  runtime::point(trace::Kind::event_clear, state.object);
  ipc::SharedRecord record(state.object);
  {
    const shared::Access access;
    if ((ipc::WaitQueue(state.at).clear(kSet) & kSet) == 0) return;
    record.assign_sequence();
  }
  record.write(trace::Kind::event_clear);
}

bool Event::wait(runtime::Timeout timeout, runtime::Where where) {
  State& state = **state_;
  runtime::point(trace::Kind::blocked, state.object);
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  const ipc::WaitQueue queue(state.at);
  Wait wait(queue.value());
  if ((wait.before & kSet) != 0) return true;
  if (timeout && timeout->count() <= 0) return false;
  return queue.wait(wait, deadline, {trace::Reason::event, &state.object, where}) ==
         ipc::WaitQueue::Waited::done;
}

}  // namespace weft::multiprocessing
