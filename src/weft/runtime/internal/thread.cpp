#include "weft/runtime/internal/thread.h"

#include "weft/runtime/internal/deadlock.h"
#include "weft/runtime/internal/identity.h"
#include "weft/runtime/internal/local_values.h"
#include "weft/runtime/internal/process_end.h"
#include "weft/runtime/internal/registry.h"
#include "weft/runtime/internal/spin.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::runtime {
namespace {

/// The parameters of a new thread, from its parent.
struct Start {
  std::shared_ptr<ThreadState> state;
  Callable body;
  std::uint32_t parent;
  Scheduler* scheduler;  // the session's, not a GIL on top, which ends with its scope
  std::uint32_t where;   // string id of the call site of start()
};

std::atomic<std::uint32_t> next_number_outside_sessions{1};
Spin join_spin;  // shared by all threads, as short ones are joined in bulk

trace::ThreadEnd run_body(Callable& body) noexcept {
  try {
    body();
    return trace::ThreadEnd::returned;
  } catch (const Stopped&) {
    if (current->session != nullptr && current->session->deadlocked()) {
      return trace::ThreadEnd::deadlock;
    }
    return current->session != nullptr && current->ends_with_process()
               ? trace::ThreadEnd::with_process
               : trace::ThreadEnd::stopped;
  } catch (const SystemExit&) {
    handle_uncaught(std::current_exception());
    return trace::ThreadEnd::returned;
  } catch (...) {
    handle_uncaught(std::current_exception());
    return trace::ThreadEnd::exception;
  }
}

void run(void* argument) noexcept {
  auto& start = *static_cast<Start*>(argument);
  ThreadState& thread = *start.state;
  forget_identity();
  thread.native_id = platform::native_thread_id();
  if (start.scheduler != nullptr) start.scheduler->thread_begin(thread);
  if (thread.session != nullptr) {
    thread.session->enter(thread);
  } else {
    current = &thread;
  }
  record_exactly(trace::Kind::thread_start, thread.object, trace::with_where(0, start.where),
                 start.parent);
  if (thread.scheduler != nullptr) thread.scheduler->end_blocking(thread);
  const trace::ThreadEnd end = run_body(start.body);
  // The callable and thread-local values are destroyed on this thread, within its span in the
  // trace.
  start.body = {};
  end_local_values();
  thread.flush_backlog();
  if (thread.scheduler != nullptr) {
    thread.scheduler->begin_blocking(thread, trace::GilRelease::ended);
  }
  if (thread.session != nullptr) {
    if (thread.session->threads().leave(thread)) end_if_deadlocked(thread);
  } else {
    thread.ended.store(ThreadState::kLeaving);
  }
  const std::uint32_t sequence =
      record_exactly(trace::Kind::thread_end, thread.object, 0, static_cast<std::uint32_t>(end));
  thread.ended_by.store(trace::waker(thread.number, sequence), std::memory_order_relaxed);
  if (thread.session != nullptr) {
    thread.session->leave(thread);
  } else {
    current = nullptr;
  }
  unregister_thread(thread);
}

void ended(void* argument) noexcept {
  const std::unique_ptr<Start> start(static_cast<Start*>(argument));
  start->state->ended.store(ThreadState::kEnded, std::memory_order_release);
  wake_on(start->scheduler, start->state->ended);
  if (start->scheduler != nullptr) {
    start->scheduler->thread_end(*start->state);
    start->state->session->threads().end_scheduled();
  }
}

}  // namespace

std::uint32_t new_thread_number(Session* session) noexcept {
  return session != nullptr ? session->next_thread_number()
                            : next_number_outside_sessions.fetch_add(1);
}

std::shared_ptr<ThreadState> new_thread(std::string name, bool daemon) {
  Session* session = session_thread != nullptr ? session_thread->session : nullptr;
  auto state =
      std::make_shared<ThreadState>(session, new_thread_number(session), std::move(name), daemon);
  state->started = true;
  return state;
}

namespace {

// For a thread that will never run: join() must not block.
void set_ended(ThreadState& thread) noexcept {
  thread.ended.store(ThreadState::kEnded, std::memory_order_release);
  wake(thread.ended);
}

void launch(const std::shared_ptr<ThreadState>& state, Callable&& body, const Where& where) {
  watch_for_process_end();
  Session* const session = state->session;
  auto start = std::make_unique<Start>(
      Start{state, std::move(body), current != nullptr ? current->number : 0,
            session != nullptr ? session->scheduler() : nullptr,
            session_thread != nullptr && session_thread->session == session
                ? session_thread->string_id(where)
                : 0});
  register_thread(*state);
  if (session != nullptr) session->threads().register_start(*state);
  try {
    state->handle = platform::start_thread({run, ended, start.get()});
  } catch (...) {
    if (session != nullptr) session->threads().cancel_start(*state);
    unregister_thread(*state);
    body = std::move(start->body);
    set_ended(*state);
    throw;
  }
  start.release();
  state->has_handle = true;
  if (session != nullptr && session->scheduler() != nullptr) {
    session->scheduler()->thread_created(*state);
  }
}

}  // namespace

void start_thread(const std::shared_ptr<ThreadState>& state, Callable&& body, Where where) {
  try {
    point(trace::Kind::thread_start, state->object);
  } catch (...) {
    set_ended(*state);
    throw;
  }
  launch(state, std::move(body), where);
}

std::shared_ptr<ThreadState> start_thread(std::string name, Callable&& body, bool daemon) {
  auto state = new_thread(std::move(name), daemon);
  launch(state, std::move(body), Where());
  return state;
}

bool join_thread(ThreadState& thread, Deadline deadline, Stoppable stoppable, Where where) {
  using State = ThreadState;
  const bool is_external = session_thread != nullptr && session_thread->session != thread.session;
  if (stoppable == Stoppable::yes) {
    point(trace::Kind::thread_end, thread.object);
  } else {
    yield_point(trace::Kind::thread_end, thread.object);
  }
  if (!deadline) {
    join_spin.until(
        [&] { return thread.ended.load(std::memory_order_relaxed) != State::kRunning; });
  }
  for (;;) {
    const std::uint32_t now = thread.ended.load(std::memory_order_acquire);
    if (now == State::kEnded) break;
    if (now == State::kLeaving) {
      // A wait of microseconds: the thread depends on no other from here on.
      platform::futex_wait(thread.ended, State::kLeaving);
    } else if (!park(thread.ended, State::kRunning, deadline,
                     {.reason = trace::Reason::thread_join,
                      .object = &thread.object,
                      .where = where,
                      .ended_externally = is_external,
                      .ended_by = &thread.ended_by},
                     stoppable) &&
               thread.ended.load(std::memory_order_acquire) == State::kRunning) {
      return false;
    }
  }
  const bool is_first = thread.has_handle.exchange(false);
  if (is_first) platform::join_thread(thread.handle);
  // The destructor of Thread joins again, without a call site, what was joined before.
  if (!is_external && (is_first || where.line() != 0)) {
    record(trace::Kind::thread_join, thread.object, where);
  }
  return true;
}

}  // namespace weft::runtime
