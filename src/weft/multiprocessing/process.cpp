#include "weft/multiprocessing/process.h"

#include <atomic>
#include <csignal>

#include "weft/multiprocessing/launch.h"
#include "weft/multiprocessing/self.h"
#include "weft/platform/process.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

// The path in the process tree from the first process, e.g. "2:1".
std::string next_identity() {
  static std::atomic<std::uint32_t> count{0};
  const std::string number = std::to_string(count.fetch_add(1) + 1);
  return own_slot() == 0 ? number : own_launch().identity + ":" + number;
}

ChildProcess::Kind kind_of(bool daemon) noexcept {
  return daemon ? ChildProcess::Kind::daemon : ChildProcess::Kind::independent;
}

}  // namespace

Process::Process(Options options, std::string entry, std::unique_ptr<Arguments> arguments)
    : options_{std::move(options.name), next_identity(),
               kind_of(options.daemon.value_or(current_process().daemon()))},
      entry_(std::move(entry)),
      arguments_(std::move(arguments)) {
  if (options_.name.empty()) options_.name = "Process-" + options_.identity;
}

Process::Process(Process&& other) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    finish();
    options_ = std::move(other.options_);
    entry_ = std::move(other.entry_);
    arguments_ = std::move(other.arguments_);
    child_ = std::move(other.child_);
    closed_ = other.closed_;
  }
  return *this;
}

Process::~Process() { finish(); }

void Process::finish() noexcept {
  if (child_ != nullptr && !child_->ends_with_parent()) {
    child_->join(std::nullopt, runtime::Where(), runtime::Stoppable::no);
  }
}

void Process::check_open() const {
  if (closed_) throw ValueError("process object is closed");
}

ChildProcess& Process::started(const char* what) const {
  check_open();
  if (child_ == nullptr) {
    throw AssertionError(std::string("can only ") + what + " a started process");
  }
  return *child_;
}

void Process::start() {
  check_open();
  if (child_ != nullptr) throw AssertionError("cannot start a process twice");
  if (current_process().daemon()) {
    throw AssertionError("daemonic processes are not allowed to have children");
  }
  if (arguments_ == nullptr) {
    throw RuntimeError("cannot start a process that was moved to another Process");
  }
  check_children_allowed();
  child_ = start_child(options_, entry_, *arguments_);
}

void Process::join(runtime::Timeout timeout, runtime::Where where) {
  started("join").join(runtime::deadline_after(timeout), where, runtime::Stoppable::yes);
}

bool Process::is_alive() const {
  check_open();
  return child_ != nullptr && child_->is_alive();
}

std::optional<int> Process::exitcode() const {
  check_open();
  return child_ != nullptr ? child_->exit_code() : std::nullopt;
}

void Process::terminate() { started("terminate").signal(SIGTERM); }
void Process::kill() { started("kill").signal(SIGKILL); }

void Process::close() {
  if (child_ != nullptr && child_->is_alive()) {
    throw ValueError(
        "Cannot close a process while it is still running. You should first call join() or "
        "terminate().");
  }
  child_.reset();
  arguments_.reset();
  closed_ = true;
}

const std::string& Process::name() const { return options_.name; }

void Process::set_name(std::string name) { options_.name = std::move(name); }

bool Process::daemon() const { return options_.daemon(); }

void Process::set_daemon(bool daemon) {
  if (child_ != nullptr) throw AssertionError("process has already started");
  options_.kind = kind_of(daemon);
}

std::optional<std::uint32_t> Process::pid() const {
  check_open();
  if (child_ == nullptr) return std::nullopt;
  return child_->id();
}

std::optional<std::uint32_t> Process::number() const {
  check_open();
  if (child_ == nullptr) return std::nullopt;
  return child_->number();
}

Sentinel Process::sentinel() const {
  check_open();
  if (child_ == nullptr) throw ValueError("process not started");
  return {child_->slot(), child_->number()};
}

ProcessRef Process::ref() const {
  started("refer to");
  return ProcessRef(child_);
}

void os_exit(int n) noexcept {
  // The supervisor records the end, as for a killed process.
  if (runtime::traced()) runtime::session_thread->session->console_written();
  platform::exit_process(n & 255);
}

}  // namespace weft::multiprocessing
