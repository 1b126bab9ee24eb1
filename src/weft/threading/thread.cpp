#include "weft/threading/thread.h"

#include <atomic>

namespace weft::threading {
namespace {

std::string default_name() {
  static std::atomic<std::uint32_t> count{0};
  return "Thread-" + std::to_string(count.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace

Thread::Thread(runtime::Callable target, std::string name)
    : name_(name.empty() ? default_name() : std::move(name)), target_(std::move(target)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  if (this != &other) {
    finish();
    name_ = std::move(other.name_);
    target_ = std::move(other.target_);
    state_ = std::move(other.state_);
  }
  return *this;
}

Thread::~Thread() { finish(); }

void Thread::finish() noexcept {
  if (state_ != nullptr) {
    runtime::join_thread(*state_, std::nullopt, runtime::Stoppable::no);
  }
}

void Thread::start() {
  if (state_ != nullptr) throw RuntimeError("threads can only be started once");
  state_ = runtime::start_thread(name_, std::move(target_));
}

void Thread::join(runtime::Timeout timeout, runtime::Where where) {
  if (state_ == nullptr) throw RuntimeError("cannot join thread before it is started");
  if (state_.get() == runtime::current) throw RuntimeError("cannot join current thread");
  runtime::join_thread(*state_, runtime::deadline_after(timeout), runtime::Stoppable::yes, where);
}

bool Thread::is_alive() const noexcept {
  return state_ != nullptr && state_->ended.load(std::memory_order_acquire) == 0;
}

std::optional<std::uint32_t> Thread::ident() const noexcept {
  if (state_ == nullptr) return std::nullopt;
  return state_->number;
}

std::string current_thread_name() {
  return runtime::current != nullptr ? runtime::current->name() : "MainThread";
}

std::uint32_t get_ident() noexcept {
  return runtime::current != nullptr ? runtime::current->number : 0;
}

}  // namespace weft::threading
