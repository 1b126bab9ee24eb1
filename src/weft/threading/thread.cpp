#include "weft/threading/thread.h"

#include <utility>

#include "weft/runtime/internal/default_name.h"

namespace weft::threading {
namespace {

std::string default_name() {
  return "Thread-" + std::to_string(runtime::next_name_number(runtime::Named::thread));
}

bool creator_is_daemon() { return runtime::current != nullptr && runtime::current->daemon; }

}  // namespace

Thread::Thread(Options options)
    : name_(options.name.empty() ? default_name() : std::move(options.name)),
      daemon_(options.daemon.value_or(creator_is_daemon())),
      derived_(true) {}

Thread::Thread(runtime::Callable target, Options options) : Thread(std::move(options)) {
  derived_ = false;
  target_ = std::move(target);
}

Thread::Thread(Thread&& other) noexcept { take_over(other); }

Thread& Thread::operator=(Thread&& other) noexcept {
  if (this != &other) {
    if (!daemon_) finish();
    take_over(other);
  }
  return *this;
}

Thread::~Thread() {
  if (!daemon_) finish();
}

void Thread::take_over(Thread& other) noexcept {
  name_ = std::move(other.name_);
  daemon_ = other.daemon_;
  derived_ = other.derived_;
  moved_from_ = std::exchange(other.moved_from_, true);
  target_ = std::move(other.target_);
  // Moving from an object of a derived class slices it: the source, whose members run() uses, keeps
  // the state, so that it still joins the thread.
  state_ = other.derived_ ? other.state_ : std::move(other.state_);
}

// Not stoppable: joins even if the run is stopped.
void Thread::finish() noexcept {
  const auto state = this->state();
  // A thread that destroys its own object is joined by the end of its run, or of the process.
  if (state == nullptr || state.get() == runtime::current) return;
  runtime::join_thread(*state, std::nullopt, runtime::Stoppable::no);
}

std::shared_ptr<runtime::ThreadState> Thread::state() const noexcept {
  const platform::LockGuard guard(mutex_);
  return state_;
}

void Thread::run() {}

// The thread may destroy or replace *this, so no member is accessed after a successful start.
void Thread::start(runtime::Where where) {
  std::shared_ptr<runtime::ThreadState> state;
  runtime::Callable body;
  {
    const platform::LockGuard guard(mutex_);
    if (moved_from_) throw RuntimeError("cannot start a Thread that was moved from");
    if (state_ != nullptr) throw RuntimeError("threads can only be started once");
    if (derived_ && !joining_) {
      throw RuntimeError("a class derived from Thread must be created as JoiningThread<class>");
    }
    state = runtime::new_thread(name_, daemon_);
    if (derived_) {
      body = [this] { run(); };
    } else {
      body = std::move(target_);
    }
    state_ = state;
  }
  try {
    runtime::start_thread(state, std::move(body), where);
  } catch (...) {
    const platform::LockGuard guard(mutex_);
    state_ = nullptr;
    if (!derived_) target_ = std::move(body);
    throw;
  }
}

void Thread::join(runtime::Timeout timeout, runtime::Where where) {
  const auto state = this->state();
  if (state == nullptr) throw RuntimeError("cannot join thread before it is started");
  ThreadRef(state).join(timeout, where);
}

bool Thread::is_alive() const noexcept {
  runtime::yield_hint();
  const auto state = this->state();
  return state != nullptr && !state->has_ended();
}

std::optional<std::uint32_t> Thread::ident() const noexcept {
  const auto state = this->state();
  if (state == nullptr) return std::nullopt;
  return state->number;
}

std::optional<std::uint64_t> Thread::native_id() const noexcept {
  const auto state = this->state();
  const std::uint64_t id = state != nullptr ? state->native_id.load() : 0;
  if (id == 0) return std::nullopt;
  return id;
}

std::string Thread::name() const {
  const platform::LockGuard guard(mutex_);
  return state_ != nullptr ? state_->name() : name_;
}

void Thread::set_name(std::string name) {
  if (const auto state = this->state(); state != nullptr) {
    state->set_name(std::move(name));
    return;
  }
  const platform::LockGuard guard(mutex_);
  name_ = std::move(name);
}

bool Thread::daemon() const noexcept {
  const platform::LockGuard guard(mutex_);
  return daemon_;
}

void Thread::set_daemon(bool daemon) {
  const platform::LockGuard guard(mutex_);
  if (state_ != nullptr) throw RuntimeError("cannot set daemon status of active thread");
  daemon_ = daemon;
}

ThreadRef Thread::ref() const {
  auto state = this->state();
  if (state == nullptr)
    throw RuntimeError("cannot take the ref() of a thread before it is started");
  return ThreadRef(std::move(state));
}

}  // namespace weft::threading
