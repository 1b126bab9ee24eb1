#include "weft/multiprocessing/process.h"

#include <atomic>
#include <csignal>
#include <typeindex>
#include <unordered_map>

#include "weft/ipc/self.h"
#include "weft/multiprocessing/internal/launch.h"
#include "weft/platform/process.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

// The path in the process tree from the first process, e.g. "2:1".
std::string next_identity() {
  static std::atomic<std::uint32_t> count{0};
  const std::string number = std::to_string(count.fetch_add(1) + 1);
  return ipc::own_slot() == 0 ? number : own_launch().identity + ":" + number;
}

ChildProcess::Kind kind_of(bool daemon) noexcept {
  return daemon ? ChildProcess::Kind::daemon : ChildProcess::Kind::independent;
}

// The registered classes. As the entries: modified only before main() begins and after it has
// returned, and never destroyed.
std::unordered_map<std::type_index, const ProcessClassBase*>& classes() {
  static auto* const all = new std::unordered_map<std::type_index, const ProcessClassBase*>;
  return *all;
}

const ProcessClassBase& class_of(const Process& object) {
  const auto found = classes().find(typeid(object));
  if (found == classes().end()) {
    throw RuntimeError(
        "cannot start a process of a derived class that is not registered as a ProcessClass");
  }
  return *found->second;
}

/// The members of an object whose copy a child runs.
class Members final : public Arguments {
 public:
  Members(const ProcessClassBase& type, Process& object) : type_(type), object_(object) {}
  void write(Archive& archive) override { type_.write(archive, object_); }

 private:
  const ProcessClassBase& type_;
  Process& object_;
};

thread_local bool constructs_own = false;

}  // namespace

ProcessClassBase::ProcessClassBase(std::string name, const std::type_info& type)
    : EntryBase(std::move(name)), type_(type) {
  if (!classes().emplace(type_, this).second) {
    throw RuntimeError("the class of '" + this->name() + "' is registered already");
  }
}

ProcessClassBase::~ProcessClassBase() { classes().erase(type_); }

ProcessClassBase::Own::Own() noexcept { constructs_own = true; }
ProcessClassBase::Own::~Own() { constructs_own = false; }

Process::Process(Options options, std::string entry, std::unique_ptr<Arguments> arguments)
    : entry_(std::move(entry)), arguments_(std::move(arguments)) {
  // The base is constructed before the members, which may be other processes.
  own_ = std::exchange(constructs_own, false);
  if (own_) {
    options_ = {own_launch().name, own_launch().identity, kind_of(current_process().daemon())};
    return;
  }
  options_ = {std::move(options.name), next_identity(),
              kind_of(options.daemon.value_or(current_process().daemon()))};
  if (options_.name.empty()) options_.name = "Process-" + options_.identity;
}

Process::Process(Options options) : Process(std::move(options), {}, nullptr) { derived_ = true; }

Process::Process(Process&& other) noexcept
    : options_(std::move(other.options_)),
      entry_(std::move(other.entry_)),
      arguments_(std::move(other.arguments_)),
      child_(std::move(other.child_)),
      closed_(other.closed_),
      derived_(std::exchange(other.derived_, false)),
      own_(other.own_) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    finish();
    options_ = std::move(other.options_);
    entry_ = std::move(other.entry_);
    arguments_ = std::move(other.arguments_);
    child_ = std::move(other.child_);
    closed_ = other.closed_;
    derived_ = std::exchange(other.derived_, false);
    own_ = other.own_;
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
    throw AssertionError(std::string("can only ") + what +
                         (own_ ? " a child process" : " a started process"));
  }
  return *child_;
}

void Process::run() {
  check_open();
  if (arguments_ == nullptr) return;
  Archive written(ipc::own_slot());
  arguments_->write(written);
  Archive read(written.bytes(), ipc::own_slot());
  find_entry(entry_).run(read);
}

void Process::start() {
  check_open();
  if (child_ != nullptr || own_) throw AssertionError("cannot start a process twice");
  if (current_process().daemon()) {
    throw AssertionError("daemonic processes are not allowed to have children");
  }
  if (arguments_ == nullptr && !derived_) {
    throw RuntimeError("cannot start a process that was moved to another Process");
  }
  check_children_allowed();
  if (derived_) {
    const ProcessClassBase& type = class_of(*this);
    Members members(type, *this);
    child_ = start_child(options_, type.name(), members);
    return;
  }
  child_ = start_child(options_, entry_, *arguments_);
}

void Process::join(runtime::Timeout timeout, runtime::Where where) {
  started("join").join(runtime::deadline_after(timeout), where, runtime::Stoppable::yes);
}

bool Process::is_alive() const {
  check_open();
  return own_ || (child_ != nullptr && child_->is_alive());
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
  if (child_ != nullptr || own_) throw AssertionError("process has already started");
  options_.kind = kind_of(daemon);
}

std::optional<std::uint32_t> Process::pid() const {
  check_open();
  if (own_) return current_process().pid();
  if (child_ == nullptr) return std::nullopt;
  return child_->id();
}

std::optional<std::uint32_t> Process::number() const {
  check_open();
  if (own_) return ipc::own_number();
  if (child_ == nullptr) return std::nullopt;
  return child_->number();
}

Sentinel Process::sentinel() const {
  check_open();
  if (own_) return current_process().sentinel();
  if (child_ == nullptr) throw ValueError("process not started");
  return {child_->slot(), child_->number()};
}

ProcessRef Process::ref() const {
  if (own_) return current_process();
  started("refer to");
  return ProcessRef(child_);
}

void os_exit(int n) noexcept {
  // The supervisor records the end, as for a killed process.
  if (runtime::traced()) runtime::session_thread->session->console_written();
  platform::exit_process(n & 255);
}

}  // namespace weft::multiprocessing
