#include "weft/multiprocessing/internal/manager_server.h"

#include <algorithm>
#include <optional>
#include <string>

#include "weft/errors.h"
#include "weft/multiprocessing/internal/managed_containers.h"
#include "weft/multiprocessing/process_ref.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/runtime/stopped.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

namespace {

void write_failure(Archive& reply) {
  bool succeeded = false;
  std::string text = to_text(std::current_exception());
  reply.clear();
  reply(succeeded, text);
}

template <class T>
T read(Archive& arguments) {
  T value{};
  arguments(value);
  return value;
}

/// As something to wait for.
struct Calls {
  const MessageQueue& queue;
  bool ready() const { return queue->ready(); }
};

}  // namespace

void ManagerServer::serve() {
  ipc::ReceivedMessage message;
  for (;;) {
    if (wait_for_call()) {
      calls_->get(message, true, std::nullopt, runtime::Where::current());
      take(message);
    }
    settle();
  }
}

bool ManagerServer::has_call() const noexcept { return calls_->ready(); }

// Blocks until there is a request, a call that waits has timed out or lost its client, or a process
// that holds a lock has ended. Returns true if there is a request, or nothing else to wait for.
bool ManagerServer::wait_for_call() {
  if (has_call()) return true;
  bury();
  settle();
  const Calls calls{calls_};
  std::vector<Waitable> things{calls};
  std::optional<runtime::Time> first;
  for (const Waiting& waiting : waiting_) {
    things.emplace_back(lines_.at(waiting.line).replies);
    const runtime::Deadline& deadline = waiting.call->deadline;
    if (deadline) first = first ? std::min(*first, *deadline) : *deadline;
  }
  for (const ManagedLock* const lock : locks_) {
    if (lock->holder()) things.emplace_back(lock->holder().process);
  }
  if (things.size() == 1) return true;
  runtime::Timeout timeout;
  if (first) timeout = *first - runtime::Clock::now();
  wait(things, timeout);
  return has_call();
}

// ---- requests

void ManagerServer::take(ipc::ReceivedMessage& message) {
  Archive request(message.bytes());
  const auto line = read<std::uint64_t>(request);
  const auto thread = read<std::uint64_t>(request);
  const auto what = read<Call>(request);
  if (what == Call::hello) {
    register_line(line, request);
    return;
  }
  const auto found = lines_.find(line);
  if (found == lines_.end()) return;
  Archive reply;
  bool succeeded = true;
  reply(succeeded);
  try {
    auto call = answer(what, request, reply, {found->second.process, thread});
    if (call != nullptr) {
      waiting_.push_back({line, std::move(call)});
      return;
    }
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    write_failure(reply);
  }
  send(line, reply);
}

void ManagerServer::register_line(std::uint64_t number, Archive& hello) {
  // A client never writes to its reply pipe, so it is ready only at end of file: the client has
  // ended, or does not use the line any more.
  std::erase_if(lines_, [this](const auto& other) {
    return other.second.replies.ready() &&
           std::ranges::find(waiting_, other.first, &Waiting::line) == waiting_.end();
  });
  Line& line = lines_[number];
  hello(line.replies, line.process.slot, line.process.number);
}

std::unique_ptr<PendingCall> ManagerServer::answer(Call what, Archive& call, Archive& reply,
                                                   const Caller& caller) {
  if (what < Call::set) {
    std::uint32_t made = make(what, call);
    reply(made);
    return nullptr;
  }
  return object(read<std::uint32_t>(call)).answer(what, call, reply, caller);
}

std::uint32_t ManagerServer::make(Call call, Archive& arguments) {
  switch (call) {
    case Call::make_dict:
    case Call::make_namespace: return keep(std::make_unique<ManagedDict>());
    case Call::make_list: return keep(std::make_unique<ManagedList>());
    case Call::make_array:
      return keep(std::make_unique<ManagedList>(read<std::vector<Bytes>>(arguments)));
    case Call::make_queue:
      return keep(std::make_unique<ManagedQueue>(read<std::uint32_t>(arguments)));
    case Call::make_lock: {
      const std::string name =
          current_process().name() + "'s lock " + std::to_string(locks_.size() + 1);
      auto lock = std::make_unique<ManagedLock>(read<bool>(arguments), name);
      locks_.push_back(lock.get());
      return keep(std::move(lock));
    }
    case Call::make_semaphore: {
      const auto value = read<std::int64_t>(arguments);
      return keep(std::make_unique<ManagedSemaphore>(value, read<bool>(arguments)));
    }
    case Call::make_condition: {
      auto* const lock = dynamic_cast<ManagedLock*>(&object(read<std::uint32_t>(arguments)));
      if (lock == nullptr) throw RuntimeError("a condition is over a lock of its manager");
      return keep(std::make_unique<ManagedCondition>(*lock));
    }
    case Call::make_event: return keep(std::make_unique<ManagedEvent>());
    case Call::make_barrier: {
      const auto parties = read<std::int32_t>(arguments);
      return keep(std::make_unique<ManagedBarrier>(parties, read<runtime::Timeout>(arguments)));
    }
    default: throw RuntimeError("a manager has no such method");
  }
}

std::uint32_t ManagerServer::keep(std::unique_ptr<ManagedObject> object) {
  objects_.push_back(std::move(object));
  return static_cast<std::uint32_t>(objects_.size() - 1);
}

ManagedObject& ManagerServer::object(std::uint32_t index) {
  if (index >= objects_.size()) throw RuntimeError("the manager has no such object");
  return *objects_[index];
}

// ---- calls that wait

// To be called when all requests are executed: one of a process that has ended may release its
// lock.
void ManagerServer::bury() {
  for (ManagedLock* const lock : locks_) {
    if (lock->holder() && lock->holder().process.ready()) lock->holder_died();
  }
}

// Executes what can be, until nothing can be.
void ManagerServer::settle() {
  while (!waiting_.empty() && (drop_gone() || attempt_all() || expire_all())) {
  }
}

bool ManagerServer::is_gone(std::uint64_t line) const {
  const auto found = lines_.find(line);
  return found == lines_.end() || found->second.replies.ready();
}

bool ManagerServer::drop_gone() {
  bool any = false;
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    if (is_gone(each->line)) {
      any = true;
      each->call->abandon();
      lines_.erase(each->line);
      each = waiting_.erase(each);
    } else {
      ++each;
    }
  }
  return any;
}

bool ManagerServer::attempt_all() {
  return std::erase_if(waiting_, [this](Waiting& waiting) {
           return finish(waiting, &PendingCall::attempt);
         }) != 0;
}

bool ManagerServer::expire_all() {
  const runtime::Time now = runtime::Clock::now();
  return std::erase_if(waiting_, [&](Waiting& waiting) {
           if (!waiting.call->deadline || *waiting.call->deadline > now) return false;
           waiting.call->deadline.reset();
           return finish(waiting, &PendingCall::expire);
         }) != 0;
}

// Returns true if the call is answered.
bool ManagerServer::finish(Waiting& waiting, bool (PendingCall::*execute)(Archive&)) {
  Archive reply;
  bool succeeded = true;
  reply(succeeded);
  try {
    if (!(waiting.call.get()->*execute)(reply)) return false;
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    write_failure(reply);
  }
  send(waiting.line, reply);
  return true;
}

void ManagerServer::send(std::uint64_t line, const Archive& reply) {
  const auto found = lines_.find(line);
  if (found == lines_.end()) return;
  try {
    found->second.replies.send_bytes(reply.bytes());
  } catch (const OSError&) {
    lines_.erase(found);  // the client has ended
  }
}

const Entry<void (*)(MessageQueue)> manager_server("weft.multiprocessing.manager_server",
                                                   [](MessageQueue calls) {
                                                     ManagerServer(std::move(calls)).serve();
                                                   });

}  // namespace weft::multiprocessing
