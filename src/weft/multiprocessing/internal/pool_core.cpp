#include "weft/multiprocessing/internal/pool_core.h"

#include <algorithm>
#include <exception>

#include "weft/errors.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// The pool's shared object: exit records for dead processes (any of the run), written by the
// supervisor. The worker handler parks on the first word.
constexpr shared::Offset kSignals = 0;
constexpr shared::Offset kDead = 4;     // count of exit records; written by the supervisor
constexpr shared::Offset kNumbers = 8;  // ring of the latest: 2 * process number, + 1 if abrupt
constexpr std::uint32_t kMaxNumbers = 2 * platform::process_table::kSlots;
constexpr std::uint32_t kBytes = kNumbers + 4 * kMaxNumbers;

void signal(shared::Offset pool) noexcept {
  const shared::Access access;
  shared::fetch_add(pool + kSignals, 1);
  runtime::wake_shared(pool + kSignals);
}

void process_died(ipc::ObjectRef pool, const ipc::DeadProcess& process) noexcept {
  const shared::Offset at = pool.data();
  const std::uint32_t dead = shared::load(at + kDead);
  shared::store(at + kNumbers + 4 * (dead % kMaxNumbers),
                2 * process.number + (process.abrupt ? 1 : 0));
  shared::store(at + kDead, dead + 1);
  signal(at);
}

const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::pool, {nullptr, process_died});

}  // namespace

PoolCore::PoolCore(Options options)
    : options_(std::move(options)),
      handle_(
          ipc::create_object(ipc::ObjectKind::pool, kBytes, {.name = options_.name}).handles[0]),
      tasks_(QueueCore::Flavour::plain, handle_.ref().name() + ".tasks"),
      results_(QueueCore::Flavour::simple, handle_.ref().name() + ".results") {
  // Created now: ending a pool must not need to allocate shared memory.
  tasks_.open();
  results_.open();
  object_.set_name(handle_.ref().name());
  object_.set_shared(handle_.ref().number(), handle_.ref().sequence_word());
}

PoolCore::~PoolCore() = default;

std::shared_ptr<PoolCore> PoolCore::start(Options options) {
  auto core = std::make_shared<PoolCore>(std::move(options));
  runtime::record(trace::Kind::executor_open, core->object_, core->options_.processes);
  try {
    for (std::uint32_t i = 0; i < core->options_.processes; ++i) core->start_worker();
    core->start_threads();
  } catch (...) {
    core->terminate();
    // Else done by the worker handler.
    if (core->worker_handler_ == nullptr) core->results_->finish();
    throw;
  }
  return core;
}

void PoolCore::start_worker() {
  Process::Options options;
  options.name = handle_.ref().name() + "-Worker-" + std::to_string(++worker_names_);
  options.daemon = true;
  auto worker = std::make_unique<Process>(std::move(options), pool_worker, tasks_, results_,
                                          options_.initializer, options_.max_tasks);
  if (options_.workers_have_children) worker->become_helper();
  worker->start();
  const platform::LockGuard guard(mutex_);
  workers_.push_back(std::move(worker));
  // The phase is stored before the workers are terminated under mutex_: either that loop sees this
  // worker, or this load sees the phase.
  const Phase phase = phase_.load();
  if (phase == Phase::terminated || phase == Phase::broken) workers_.back()->terminate();
}

void PoolCore::start_threads() {
  start_thread(result_handler_, "-results", &PoolCore::handle_results);
  start_thread(worker_handler_, "-workers", &PoolCore::supervise_workers);
}

void PoolCore::start_thread(std::shared_ptr<runtime::ThreadState>& thread, const char* name,
                            void (PoolCore::*run)()) {
  thread = runtime::start_thread(
      handle_.ref().name() + name, [core = shared_from_this(), run] { (core.get()->*run)(); },
      true);
}

// ---- jobs

PoolCore::Sending::Sending(PoolCore& core, std::shared_ptr<PoolJob> job)
    : core_(core),
      job_(core.begin_sending(std::move(job))),
      exceptions_(std::uncaught_exceptions()) {}

PoolCore::Sending::~Sending() {
  if (std::uncaught_exceptions() != exceptions_) core_.unregister(job_);
  core_.end_sending();
}

void PoolCore::Sending::send(OutgoingMessage& task) {
  core_.tasks_->put(task, true, std::nullopt, runtime::Where::current());
}

// The phase is stored before fail_all() takes the jobs under mutex_: either that finds this job, or
// this sees the phase.
std::uint32_t PoolCore::begin_sending(std::shared_ptr<PoolJob> job) {
  const platform::LockGuard guard(mutex_);
  if (is_broken()) std::rethrow_exception(options_.broken);
  if (!open()) throw ValueError("Pool not running");
  jobs_.emplace(next_job_, std::move(job));
  ++senders_;
  return next_job_++;
}

void PoolCore::end_sending() noexcept {
  {
    const platform::LockGuard guard(mutex_);
    --senders_;
  }
  end_tasks();
}

// Ends the task stream once the pool is not open and no sender is left. Called after either
// condition became true; the later call takes effect.
void PoolCore::end_tasks() noexcept {
  {
    const platform::LockGuard guard(mutex_);
    if (open() || senders_ != 0) return;
  }
  if (phase_.load() == Phase::closed) {
    tasks_->finish();
  } else {
    tasks_->close();
  }
}

void PoolCore::unregister(std::uint32_t job) noexcept {
  const platform::LockGuard guard(mutex_);
  jobs_.erase(job);
}

std::shared_ptr<PoolJob> PoolCore::job(std::uint32_t number) {
  const platform::LockGuard guard(mutex_);
  const auto found = jobs_.find(number);
  return found == jobs_.end() ? nullptr : found->second;
}

void PoolCore::fail_all(const std::exception_ptr& error) noexcept {
  std::unordered_map<std::uint32_t, std::shared_ptr<PoolJob>> jobs;
  {
    const platform::LockGuard guard(mutex_);
    jobs.swap(jobs_);
  }
  for (const auto& [number, job] : jobs) job->fail_all(error);
}

// ---- the result handler

void PoolCore::handle_results() {
  ipc::ReceivedMessage message;
  for (;;) {
    try {
      results_->get(message, true, std::nullopt, runtime::Where());
    } catch (const EOFError&) {
      break;  // the workers have ended, and the queue is drained
    }
    handle_result(message);
  }
  fail_all(
      std::make_exception_ptr(RuntimeError("the pool has ended; a worker died with the task")));
}

void PoolCore::handle_result(ipc::ReceivedMessage& message) {
  using namespace pool_protocol;
  Reader reader(message.bytes());
  const auto header = reader.header<ResultHeader>();
  const auto text = [&reader] {
    const auto bytes = reader.item();
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  if (header.job == kInitialization) {
    fail_initialization(text());
    return;
  }
  const auto job = this->job(header.job);
  if (job == nullptr) return;  // unregistered: it failed, or could not be sent
  const bool done = header.calls != 0 ? job->succeed(header.index, header.calls, reader)
                                      : job->fail(header.index, 0, from_text(text()));
  if (done) unregister(header.job);
}

// No replacement: its initializer would fail again, in an endless loop.
void PoolCore::fail_initialization(const std::string& why) noexcept {
  if (options_.broken != nullptr) {
    break_pool();
  } else {
    fail_pool(std::make_exception_ptr(RuntimeError("the initializer of the pool failed: " + why)));
  }
}

// ---- the worker handler: the thread that reaps and replaces workers

void PoolCore::supervise_workers() {
  const shared::Offset at = handle_.ref().data();
  do {
    const std::uint32_t seen = shared::load(at + kSignals);
    for (const std::uint32_t dead = shared::load(at + kDead); reaped_ != dead; ++reaped_) {
      const std::uint32_t number = shared::load(at + kNumbers + 4 * (reaped_ % kMaxNumbers));
      reap(number / 2, number % 2 != 0);
    }
    if (shared::load(at + kSignals) == seen && is_staffed()) {
      runtime::park_shared(at + kSignals, seen, std::nullopt,
                           {trace::Reason::pool, &object_, runtime::Where(), true});
    }
  } while (is_staffed());
  if (phase_.load() == Phase::terminated) {
    fail_all(std::make_exception_ptr(RuntimeError("the pool was terminated")));
  }
  results_->finish();
  runtime::record(trace::Kind::executor_shutdown, object_);
}

// Reaps an ended process; if it was a worker, replaces it.
void PoolCore::reap(std::uint32_t number, bool abrupt) {
  std::unique_ptr<Process> worker;
  {
    const platform::LockGuard guard(mutex_);
    const auto found = std::ranges::find_if(
        workers_, [number](const auto& other) { return other->number() == number; });
    if (found == workers_.end()) return;
    worker = std::move(*found);
    workers_.erase(found);
  }
  worker->join();
  const Phase phase = phase_.load();
  if ((abrupt || worker->exitcode() != 0) && options_.broken != nullptr &&
      phase != Phase::terminated) {
    break_pool();
    return;
  }
  // The workers of a closed pool are expected to end once no tasks are left.
  if (phase != Phase::open && !(phase == Phase::closed && has_tasks())) return;
  try {
    start_worker();
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
    if (has_workers()) return;
    if (options_.broken != nullptr) {
      break_pool();
    } else {
      fail_pool(std::current_exception());
    }
  }
}

bool PoolCore::has_workers() {
  const platform::LockGuard guard(mutex_);
  return !workers_.empty();
}

// True if there are tasks that no worker has taken, or there may be: a job accepted before close()
// is still being sent.
bool PoolCore::has_tasks() {
  {
    const platform::LockGuard guard(mutex_);
    if (senders_ != 0) return true;
  }
  return tasks_->size() != 0;
}

// False once the worker handler has nothing left to do.
bool PoolCore::is_staffed() { return phase_.load() == Phase::open || has_workers(); }

void PoolCore::break_pool() noexcept {
  if (phase_.exchange(Phase::broken) == Phase::broken) return;
  runtime::record(trace::Kind::executor_broken, object_);
  {
    const platform::LockGuard guard(mutex_);
    for (const auto& worker : workers_) worker->terminate();
  }
  tasks_.cancel_join_thread();
  end_tasks();
  fail_all(options_.broken);
}

// No worker can be started, or every initializer fails: ends the pool and fails all jobs.
void PoolCore::fail_pool(const std::exception_ptr& error) noexcept {
  terminate();
  fail_all(error);
}

// ---- shutting down

void PoolCore::close() noexcept {
  Phase open = Phase::open;
  if (!phase_.compare_exchange_strong(open, Phase::closed)) return;
  end_tasks();
  signal(handle_.ref().data());
}

void PoolCore::terminate() noexcept {
  phase_.store(Phase::terminated);
  tasks_.cancel_join_thread();
  results_.cancel_join_thread();
  {
    const platform::LockGuard guard(mutex_);
    for (const auto& worker : workers_) worker->terminate();
  }
  end_tasks();
  signal(handle_.ref().data());
}

bool PoolCore::is_own_thread() const noexcept {
  const runtime::ThreadState* const caller = runtime::current;
  return caller != nullptr && (caller == result_handler_.get() || caller == worker_handler_.get());
}

void PoolCore::join(runtime::Stoppable stoppable, runtime::Where where) {
  if (is_own_thread()) throw RuntimeError("cannot join current thread");
  for (const auto& thread : {worker_handler_, result_handler_}) {
    if (thread != nullptr) runtime::join_thread(*thread, std::nullopt, stoppable, where);
  }
}

std::vector<ProcessRef> PoolCore::workers() {
  std::vector<ProcessRef> refs;
  const platform::LockGuard guard(mutex_);
  for (const auto& worker : workers_) refs.push_back(worker->ref());
  return refs;
}

}  // namespace weft::multiprocessing
