#include "weft/multiprocessing/event.h"

#include "weft/ipc/shared_record.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// The object is one word, an eventcount: the flag, a waiters bit, and a count of the set() calls
// that had an effect. The count lets a waiter observe a set() that a clear() has undone already.
constexpr std::uint32_t kSet = 1;
constexpr std::uint32_t kHasSleepers = 2;   // threads may be parked on the word
constexpr std::uint32_t kSetCountUnit = 4;  // one set()

void process_died(ipc::ObjectRef event, const ipc::DeadProcess&) noexcept {
  // The process may have died between its set() and the wake-up (lost wake-up). A thread about to
  // park does not sleep through this one: the futex compares the word, which this changes.
  shared::fetch_and(event.data(), ~kHasSleepers);
  runtime::wake_shared(event.data());
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
    for (;;) {
      const std::uint32_t seen = shared::load(state.at);
      if ((seen & kSet) != 0) return;
      const std::uint32_t now = (seen & ~kHasSleepers) + kSetCountUnit + kSet;
      if (shared::compare_exchange(state.at, seen, now) != seen) continue;
      record.assign_sequence();
      if ((seen & kHasSleepers) != 0) runtime::wake_shared(state.at);
      break;
    }
  }
  record.write(trace::Kind::event_set);
}

void Event::clear() {
  State& state = **state_;
  runtime::point(trace::Kind::event_clear, state.object);
  ipc::SharedRecord record(state.object);
  {
    const shared::Access access;
    if ((shared::fetch_and(state.at, ~kSet) & kSet) == 0) return;
    record.assign_sequence();
  }
  record.write(trace::Kind::event_clear);
}

bool Event::wait(runtime::Timeout timeout, runtime::Where where) {
  State& state = **state_;
  runtime::point(trace::Kind::blocked, state.object);
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  const std::uint32_t before = shared::load(state.at);
  if ((before & kSet) != 0) return true;
  if (timeout && timeout->count() <= 0) return false;
  bool in_time = true;
  for (;;) {
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::fetch_or(state.at, kHasSleepers) | kHasSleepers;
    }
    if ((seen & kSet) != 0 || seen / kSetCountUnit != before / kSetCountUnit) return true;
    if (!in_time) return false;
    in_time = runtime::park_shared(state.at, seen, deadline,
                                   {trace::Reason::event, &state.object, where});
  }
}

}  // namespace weft::multiprocessing
