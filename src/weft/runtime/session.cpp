#include "weft/runtime/session.h"

#include <algorithm>
#include <mutex>

#include "weft/platform/futex.h"
#include "weft/runtime/point.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {
namespace {

std::atomic<std::uint32_t> next_serial{1};

}  // namespace

Session::Session(Options options)
    : trace_(options.trace),
      stop_(options.stop != nullptr ? *options.stop : own_stop_),
      origin_(options.origin),
      serial_(next_serial.fetch_add(1, std::memory_order_relaxed)),
      main_(std::make_shared<ThreadState>(this, next_thread_number(), "MainThread")) {
  enter(*main_);
}

Session::~Session() { leave(*main_); }

std::uint64_t Session::nanoseconds(Time time) const noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, (time - origin_).count()));
}

std::uint32_t Session::next_object_number(trace::ObjectType type) noexcept {
  return objects_made_[static_cast<std::size_t>(type)].fetch_add(1, std::memory_order_relaxed) + 1;
}

void Session::enter(ThreadState& thread) {
  if (trace_ != nullptr) thread.ring = trace_->take_ring();
  {
    const std::lock_guard guard(threads_mutex_);
    thread.next_in_session = threads_;
    if (threads_ != nullptr) threads_->previous_in_session = &thread;
    threads_ = &thread;
  }
  current = &thread;
  plugged = &thread;
  note_payload(trace::Kind::thread_name, 0, 0, 0, thread.name());
}

void Session::leave(ThreadState& thread) noexcept {
  current = nullptr;
  plugged = nullptr;
  {
    const std::lock_guard guard(threads_mutex_);
    if (thread.previous_in_session != nullptr) {
      thread.previous_in_session->next_in_session = thread.next_in_session;
    } else {
      threads_ = thread.next_in_session;
    }
    if (thread.next_in_session != nullptr) {
      thread.next_in_session->previous_in_session = thread.previous_in_session;
    }
  }
  if (thread.ring != nullptr) trace_->give_back(thread.ring);
  thread.ring = nullptr;
}

std::uint32_t Session::wake_parked() noexcept {
  const std::unique_lock guard(threads_mutex_, std::try_to_lock);
  if (!guard) return 1;
  std::uint32_t parked = 0;
  for (ThreadState* thread = threads_; thread != nullptr; thread = thread->next_in_session) {
    if (const auto* word = thread->parked_on.load(); word != nullptr) {
      ++parked;
      platform::futex_wake(*word, platform::kEverybody);
    }
  }
  return parked;
}

}  // namespace weft::runtime
