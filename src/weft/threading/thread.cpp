#include "weft/threading/thread.h"

#include "weft/runtime/default_name.h"

namespace weft::threading {
namespace {

std::string default_name() {
  return "Thread-" + std::to_string(runtime::next_name_number(runtime::Named::thread));
}

bool creator_is_daemon() {
  return runtime::current != nullptr && runtime::current->daemon;
}

}  // namespace

Thread::Thread(std::string name, std::optional<bool> daemon)
    : name_(name.empty() ? default_name() : std::move(name)),
      daemon_(daemon.value_or(creator_is_daemon())),
      derived_(true) {}

Thread::Thread(runtime::Callable target, std::string name, std::optional<bool> daemon)
    : Thread(std::move(name), daemon) {
  derived_ = false;
  target_ = std::move(target);
}

Thread::Thread(Thread&& other) noexcept
    : name_(std::move(other.name_)),
      daemon_(other.daemon_),
      derived_(other.derived_),
      target_(std::move(other.target_)),
      state_(other.take_state()) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  if (this != &other) {
    if (!daemon_) finish();
    name_ = std::move(other.name_);
    daemon_ = other.daemon_;
    derived_ = other.derived_;
    target_ = std::move(other.target_);
    state_ = other.take_state();
  }
  return *this;
}

Thread::~Thread() {
  if (!daemon_) finish();
}

// Of an object of a derived class only a part has moved: the rest has to wait for the thread all the same.
std::shared_ptr<runtime::ThreadState> Thread::take_state() noexcept {
  return derived_ ? state_ : std::move(state_);
}

// Goes on waiting when the run is stopped.
void Thread::finish() noexcept {
  if (state_ != nullptr) {
    runtime::join_thread(*state_, std::nullopt, runtime::Stoppable::no);
  }
}

void Thread::run() {}

void Thread::start() {
  if (state_ != nullptr) throw RuntimeError("threads can only be started once");
  if (derived_) {
    if (!joining_) {
      throw RuntimeError("an object of a class derived from Thread has to be made as Joining<class>");
    }
    state_ = runtime::start_thread(name_, [this] { run(); }, daemon_);
  } else {
    state_ = runtime::start_thread(name_, std::move(target_), daemon_);
  }
}

void Thread::join(runtime::Timeout timeout, runtime::Where where) {
  if (state_ == nullptr) throw RuntimeError("cannot join thread before it is started");
  ref().join(timeout, where);
}

bool Thread::is_alive() const noexcept {
  runtime::observe();
  return state_ != nullptr && !state_->has_ended();
}

std::optional<std::uint32_t> Thread::ident() const noexcept {
  if (state_ == nullptr) return std::nullopt;
  return state_->number;
}

std::optional<std::uint64_t> Thread::native_id() const noexcept {
  const std::uint64_t id = state_ != nullptr ? state_->native_id.load() : 0;
  if (id == 0) return std::nullopt;
  return id;
}

std::string Thread::name() const { return state_ != nullptr ? state_->name() : name_; }

void Thread::set_name(std::string name) {
  if (state_ != nullptr) {
    state_->set_name(std::move(name));
  } else {
    name_ = std::move(name);
  }
}

void Thread::set_daemon(bool daemon) {
  if (state_ != nullptr) throw RuntimeError("cannot set daemon status of active thread");
  daemon_ = daemon;
}

ThreadRef Thread::ref() const {
  if (state_ == nullptr) throw RuntimeError("a thread is nobody before it is started");
  return ThreadRef(state_);
}

}  // namespace weft::threading
