#include "weft/threading/thread_ref.h"

#include <algorithm>
#include <atomic>

#include "weft/errors.h"
#include "weft/platform/thread.h"
#include "weft/runtime/internal/registry.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/point.h"

namespace weft::threading {
namespace {

using State = std::shared_ptr<runtime::ThreadState>;

// The main thread outside any run. Never destroyed: accessible during static destruction.
const State& main_outside() {
  static const auto* const state =
      new State(std::make_shared<runtime::ThreadState>(nullptr, 0, "MainThread"));
  return *state;
}

/// The state of a thread that Weft did not start, as CPython's _DummyThread.
class Dummy {
 public:
  Dummy()
      : state_(std::make_shared<runtime::ThreadState>(nullptr, runtime::new_thread_number(nullptr),
                                                      next_name(), true)) {
    state_->native_id = platform::native_thread_id();
  }
  ~Dummy() { state_->ended.store(runtime::ThreadState::kEnded, std::memory_order_release); }
  Dummy(const Dummy&) = delete;
  Dummy& operator=(const Dummy&) = delete;

  const State& state() const noexcept { return state_; }

 private:
  static std::string next_name() {
    static std::atomic<std::uint32_t> count{0};
    return "Dummy-" + std::to_string(count.fetch_add(1, std::memory_order_relaxed) + 1);
  }

  const State state_;
};

State current_state() {
  if (runtime::current != nullptr) {
    if (runtime::current->native_id == 0) {
      runtime::current->native_id = platform::native_thread_id();  // of a run's main thread
    }
    return runtime::current->shared_from_this();
  }
  if (platform::is_main_thread()) {
    main_outside()->native_id = platform::native_thread_id();
    return main_outside();
  }
  thread_local const Dummy dummy;
  return dummy.state();
}

const runtime::Session* current_session() {
  return runtime::current != nullptr ? runtime::current->session : nullptr;
}

State main_state() {
  const runtime::Session* session = current_session();
  return session != nullptr ? session->main_thread() : main_outside();
}

}  // namespace

void ThreadRef::join(runtime::Timeout timeout, runtime::Where where) const {
  if (state_.get() == runtime::current) throw RuntimeError("cannot join current thread");
  if (!state_->started) {
    throw RuntimeError("cannot join a thread that was not started by start()");
  }
  runtime::join_thread(*state_, runtime::deadline_after(timeout), runtime::Stoppable::yes, where);
}

ThreadRef current_thread() { return ThreadRef(current_state()); }

ThreadRef main_thread() { return ThreadRef(main_state()); }

std::vector<ThreadRef> enumerate() {
  std::vector<ThreadRef> all{main_thread()};
  for (State& state : runtime::threads_alive(current_session())) {
    all.emplace_back(std::move(state));
  }
  const ThreadRef self = current_thread();
  if (std::ranges::find(all, self) == all.end()) all.push_back(self);
  return all;
}

std::size_t active_count() { return enumerate().size(); }

std::string current_thread_name() { return current_state()->name(); }

std::uint32_t get_ident() { return current_state()->number; }

std::uint64_t get_native_id() noexcept { return platform::native_thread_id(); }

}  // namespace weft::threading
