#include "weft/runtime/gil.h"

#include <algorithm>
#include <string>

#include "weft/errors.h"
#include "weft/runtime/internal/registry.h"
#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {
namespace {

using trace::GilRelease;
using trace::Kind;
using Stamp = ThreadState::Stamp;

// CPython's DEFAULT_INTERVAL. The interval of GILs that are opened later; ns.
std::atomic<std::int64_t> default_interval{5'000'000};

// How long a daemon may keep it from waiters, and how long any thread may in a run that was
// stopped.
constexpr std::chrono::seconds kLossTimeout{5};
constexpr std::chrono::milliseconds kLossTimeoutWhenStopped{100};
// Waiters check the stop word at least as often.
constexpr std::chrono::nanoseconds kMaxSleep = std::chrono::milliseconds(50);
// The least time that a timed wait really takes, whatever the interval.
constexpr std::chrono::nanoseconds kMinSleep = std::chrono::microseconds(50);

std::chrono::nanoseconds checked(std::chrono::nanoseconds interval) {
  if (interval.count() <= 0) throw ValueError("switch interval must be strictly positive");
  return interval;
}

ThreadState& checked_opener() {
  if (session_thread == nullptr) throw RuntimeError("the GIL needs a session");
  if (session_thread->session->gil() != nullptr) throw RuntimeError("a GIL is active already");
  if (session_thread->session->live_threads() != 1) {
    throw RuntimeError("a GIL can be activated only while no other thread is alive");
  }
  return *session_thread;
}

Gil* gil_of_session() noexcept {
  return session_thread != nullptr ? session_thread->session->gil() : nullptr;
}

void record_wait_begin(ThreadState& thread, Object& object) noexcept {
  thread.record_blocked({trace::Reason::gil, &object});
}

void record_wait_end(ThreadState& thread, Object& object, trace::Unblocked how,
                     const std::atomic<std::uint64_t>* released_by = nullptr) noexcept {
  thread.record_unblocked(
      {.reason = trace::Reason::gil, .object = &object, .ended_by = released_by}, how);
}

}  // namespace

bool Gil::try_acquire() noexcept {
  std::uint32_t expected = kFree;
  return word_.compare_exchange_strong(expected, kHeld);
}

void Gil::point(ThreadState& thread, Kind operation, const Object* object) noexcept {
  if (below_ != nullptr) below_->point(thread, operation, object);
  at_point(thread);
}

void Gil::yield(ThreadState& thread) noexcept {
  if (below_ != nullptr) below_->yield(thread);
  at_point(thread);
}

// Returns false if `duration` elapsed.
bool Gil::sleep(ThreadState& thread, const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::chrono::nanoseconds duration) noexcept {
  return park_on(below_, thread, word, expected, now() + duration, {trace::Reason::gil, &object_});
}

void Gil::end_blocking(ThreadState& thread) noexcept {
  if (!try_acquire()) {
    if (word_.load() == kClosed) return;
    record_wait_begin(thread, object_);
    const bool has_it = wait(thread);
    record_wait_end(thread, object_, trace::Unblocked::woken, has_it ? &released_by_ : nullptr);
    if (!has_it) return;
  }
  on_acquired(thread);
}

bool Gil::wait(ThreadState& thread) noexcept {
  bool has_it = false;
  // Store-load (Dekker) pattern: release() stores word_, then loads waiting_; a waiter increments
  // waiting_, then tries word_.
  waiting_.fetch_add(1);
  std::uint32_t switches = switches_.load();
  std::uint32_t acquisitions = acquisitions_.load();
  // Sums of timed waits rather than clock differences: the machine may have been suspended.
  std::chrono::nanoseconds since_switch{0};
  std::chrono::nanoseconds since_acquisition{0};
  while (!(has_it = try_acquire()) && word_.load() != kClosed) {
    const std::chrono::nanoseconds pause = std::min(interval(), kMaxSleep);
    const bool woken = this->sleep(thread, word_, kHeld, pause);
    if (switches_.load() != switches) {
      switches = switches_.load();
      since_switch = {};
    }
    if (acquisitions_.load() != acquisitions) {
      acquisitions = acquisitions_.load();
      since_acquisition = {};
    }
    if (woken || word_.load() != kHeld) continue;
    since_switch += pause;
    since_acquisition += std::max(pause, kMinSleep);
    if (since_switch >= interval()) request_drop(thread);
    if (is_lost(thread, since_acquisition)) break;
  }
  waiting_.fetch_sub(1);
  return has_it;
}

bool Gil::is_lost(ThreadState& thread, std::chrono::nanoseconds waited) noexcept {
  Session& session = *thread.session;
  if (session.stopping()) return waited >= kLossTimeoutWhenStopped;
  if (waited < kLossTimeout || !holder_is_daemon_.load()) return false;
  if (session.set_gil_lost()) report_loss(thread);
  return true;
}

void Gil::report_loss(ThreadState& thread) noexcept {
  Session& session = *thread.session;
  std::string holder = "thread " + std::to_string(last_holder_.load());
  for (const auto& other : threads_alive(&session)) {
    if (other->number == last_holder_.load()) holder = other->name();
  }
  record_wait_end(thread, object_, trace::Unblocked::timed_out);
  thread.record_with_payload(Kind::error, 0, 0, 0,
                             "the daemon " + holder + " has kept the GIL for " +
                                 std::to_string(kLossTimeout.count()) +
                                 " s without coming to a point: the run ends");
  record_wait_begin(thread, object_);
  // Parked threads check the stop word when woken; repeated, as one may be about to park.
  const std::atomic<std::uint32_t> never_woken{0};
  for (int i = 0; i < 100 && session.wake_parked() != 0; ++i) {
    sleep(thread, never_woken, 0, std::chrono::milliseconds(1));
  }
}

void Gil::request_drop(ThreadState& thread) noexcept {
  if (request_.exchange(1) != 0) return;  // another waiter has
  record_wait_end(thread, object_, trace::Unblocked::timed_out);
  thread.record(Kind::gil_request, &object_, 0, 0, Stamp::exact);
  record_wait_begin(thread, object_);
}

void Gil::on_acquired(ThreadState& thread) noexcept {
  request_.store(0);
  acquisitions_.fetch_add(1);
  holder_is_daemon_.store(thread.daemon);
  if (last_holder_.exchange(thread.number) != thread.number) {
    switches_.fetch_add(1);
    if (awaiting_switch_.load() != 0) wake_on(below_, switches_);
  }
  thread.has_gil = true;
  thread.record(Kind::gil_acquire, &object_, 0, 0, Stamp::exact);
}

void Gil::begin_blocking(ThreadState& thread, GilRelease why) noexcept {
  if (!thread.has_gil) return;
  record_release(thread, why);
  release();
}

void Gil::record_release(ThreadState& thread, GilRelease why) noexcept {
  const std::uint32_t sequence =
      thread.record(Kind::gil_release, &object_, 0, static_cast<std::uint32_t>(why), Stamp::exact);
  released_by_.store(trace::waker(thread.number, sequence), std::memory_order_relaxed);
  thread.has_gil = false;
}

void Gil::release() noexcept {
  std::uint32_t held = kHeld;
  word_.compare_exchange_strong(held, kFree);  // unless it was closed
  if (waiting_.load() != 0) wake_on(below_, word_, 1);
}

void Gil::yield_on_request(ThreadState& thread) noexcept {
  if (!thread.has_gil) return;
  record_release(thread, GilRelease::requested);
  const std::uint32_t before = switches_.load();
  record_wait_begin(thread, object_);
  release();
  await_switch(thread, before);
  const bool has_it = wait(thread);
  record_wait_end(thread, object_, trace::Unblocked::woken, has_it ? &released_by_ : nullptr);
  if (has_it) on_acquired(thread);
}

// CPython's FORCE_SWITCHING: the releasing thread is running and would always win the race for the
// GIL against a waiter that has to wake up first.
void Gil::await_switch(ThreadState& thread, std::uint32_t before) noexcept {
  awaiting_switch_.fetch_add(1);
  // The requester may have acquired and released it by now: with no waiters there is no switch to
  // wait for.
  while (switches_.load() == before && waiting_.load() != 0 && word_.load() != kClosed) {
    sleep(thread, switches_, before, std::min(interval(), kMaxSleep));
  }
  awaiting_switch_.fetch_sub(1);
}

void Gil::close(ThreadState& thread) noexcept {
  if (thread.has_gil) {
    thread.record(Kind::gil_release, &object_, 0, static_cast<std::uint32_t>(GilRelease::ended),
                  Stamp::exact);
  }
  thread.record(Kind::gil_close, &object_, 0, 0, Stamp::exact);
  thread.has_gil = false;
  word_.store(kClosed);
  wake_on(below_, word_);
  wake_on(below_, switches_);
}

std::chrono::nanoseconds switch_interval() noexcept {
  if (const Gil* gil = gil_of_session(); gil != nullptr) return gil->interval();
  return std::chrono::nanoseconds(default_interval.load());
}

void set_switch_interval(std::chrono::nanoseconds interval) {
  default_interval.store(checked(interval).count());
  if (Gil* gil = gil_of_session(); gil != nullptr) gil->set_interval(interval);
}

GilScope::GilScope(std::chrono::nanoseconds interval)
    : thread_(checked_opener()),
      gil_(thread_.session->open_gil(checked(interval))),
      below_(thread_.scheduler) {
  thread_.scheduler = &gil_;
  thread_.record(Kind::gil_open, &gil_.object(), static_cast<std::uint64_t>(interval.count()), 0,
                 Stamp::exact);
  gil_.end_blocking(thread_);
}

GilScope::~GilScope() {
  gil_.close(thread_);
  thread_.scheduler = below_;
  thread_.session->close_gil();
}

}  // namespace weft::runtime
