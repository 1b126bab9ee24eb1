#include "weft/runtime/session.h"

#include <algorithm>

#include "weft/errors.h"
#include "weft/platform/thread.h"
#include "weft/runtime/internal/blocking_region.h"
#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

std::atomic<std::uint32_t> next_serial{1};

Scheduler* checked(const Session::Options& options) {
  if (options.scheduler != nullptr && options.scheduler->is_controlled() &&
      !options.finds_deadlocks) {
    throw ValueError(
        "finds_deadlocks must be true with a controlled scheduler, which can't "
        "schedule waits that are ended from outside the session");
  }
  return options.scheduler;
}

}  // namespace

Session::Session(Options options)
    : trace_(options.trace),
      scheduler_(checked(options)),
      stop_(options.stop != nullptr ? *options.stop : own_stop_),
      origin_(options.origin.value_or(now_on(options.scheduler))),
      serial_(next_serial.fetch_add(1, std::memory_order_relaxed)),
      on_console_(std::move(options.on_console)),
      finds_deadlocks_(options.finds_deadlocks),
      threads_(options.scheduler),
      main_(std::make_shared<ThreadState>(this, next_thread_number(), "MainThread")),
      outer_current_(current),
      outer_session_thread_(session_thread) {
  platform::is_main_thread();  // WebAssembly: the first caller is the main thread
  if (scheduler_ != nullptr) scheduler_->thread_begin(*main_);
  enter(*main_);
}

Session::~Session() {
  end_daemons(std::nullopt);
  threads_.await_scheduled();
  for (const auto& action : at_end_) action();
  leave(*main_);
  if (scheduler_ != nullptr) scheduler_->thread_end(*main_);
  current = outer_current_;
  session_thread = outer_session_thread_;
}

void Session::at_end(std::function<void()> action) {
  const platform::LockGuard guard(at_end_mutex_);
  at_end_.push_back(std::move(action));
}

void Session::wait_for_threads(Where where) {
  const auto& foreground = threads_.foreground();
  for (std::uint32_t n = foreground.load(); n != 0; n = foreground.load()) {
    park(foreground, n, std::nullopt, {trace::Reason::thread_join, nullptr, where});
  }
}

bool Session::end_daemons(Timeout grace) noexcept {
  ending_.store(true);
  const auto& live = threads_.live();
  const auto only_the_caller = [&] { return live.load() == 1; };
  if (!only_the_caller()) {
    const Deadline deadline = deadline_after(grace);
    const BlockingRegion blocking(*main_);
    const Waiting waiting{trace::Reason::thread_join};
    main_->record_blocked(waiting);
    for (std::uint32_t n = live.load(); n != 1 && (!deadline || Clock::now() < *deadline);
         n = live.load()) {
      // Repeatedly, as a thread that is about to park misses the wake-up.
      threads_.wake_parked();
      park_on(scheduler_, *main_, live, n, Clock::now() + std::chrono::milliseconds(2), waiting);
    }
    const auto how = only_the_caller() ? trace::Unblocked::woken : trace::Unblocked::timed_out;
    main_->record_unblocked(waiting, how);
  }
  return only_the_caller();
}

void Session::set_object_name(std::uint32_t object, const std::string& name) {
  object_names_.insert_or_assign(object, name);
}

std::string Session::object_name(std::uint32_t object) const {
  const platform::LockGuard guard(object_mutex_);
  const auto found = object_names_.find(object);
  return found != object_names_.end() ? found->second : std::string();
}

Gil& Session::open_gil(std::chrono::nanoseconds interval) {
  gils_.push_back(std::make_unique<Gil>(interval, scheduler_));
  gil_.store(gils_.back().get());
  return *gils_.back();
}

std::uint64_t Session::nanoseconds(Time time) const noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, (time - origin_).count()));
}

std::uint32_t Session::next_object_number(trace::ObjectType type) noexcept {
  return objects_made_[static_cast<std::size_t>(type)].fetch_add(1, std::memory_order_relaxed) + 1;
}

void Session::enter(ThreadState& thread) {
  if (trace_ != nullptr) thread.ring = trace_->acquire_ring();
  Gil* const gil = gil_.load();
  thread.scheduler = gil != nullptr ? gil : scheduler_;
  threads_.add(thread);
  current = &thread;
  session_thread = &thread;
  thread.record_with_payload(trace::Kind::thread_name, 0, 0, 0, thread.name());
}

void Session::leave(ThreadState& thread) noexcept {
  thread.finish_writing();
  current = nullptr;
  session_thread = nullptr;
  if (thread.ring != nullptr) trace_->release_ring(thread.ring);
  thread.ring = nullptr;
  threads_.remove(thread);
}

}  // namespace weft::runtime
