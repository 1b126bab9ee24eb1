#include "weft/runtime/internal/deadlock.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "weft/runtime/internal/thread_state.h"
#include "weft/trace/internal/names.h"
#include "weft/trace/json.h"

namespace weft::runtime {
namespace {

/// A parked thread: a node of the wait-for graph and its outgoing edge.
struct Wait {
  std::uint32_t thread = 0;
  std::string name;
  trace::Reason reason{};
  std::uint32_t object = 0;
  std::string object_name;
  std::string object_type;
  std::string where;
  std::uint32_t held_by = 0;
  std::string held_since;
};

// The thread that could end this wait: the edge of the wait-for graph.
void find_holder(Wait& wait, const Object& object, const ThreadState* first) {
  if (object.can_be_held()) {
    const auto& held = static_cast<const HeldObject&>(object);
    wait.held_by = held.holder();
    if (wait.held_by != 0) wait.held_since = place_of(held.held_since());
    return;
  }
  for (const ThreadState* other = first; other != nullptr; other = other->next_in_session) {
    if (&other->object == &object || other->current_task == &object) wait.held_by = other->number;
  }
}

Wait describe(const ThreadState& thread, const ThreadState* first) {
  const Waiting& waiting = thread.parked_waiting;
  Wait wait;
  wait.thread = thread.number;
  wait.name = thread.name();
  wait.reason = waiting.reason;
  wait.where = place_of(waiting.where);
  if (waiting.object == nullptr) return wait;
  const Object& object = *waiting.object;
  wait.object = object.known_id(thread);
  wait.object_type = name_of(object.type());
  wait.object_name = thread.session->object_name(wait.object);
  if (wait.object_name.empty()) {
    wait.object_name = object.name() != nullptr ? *object.name() : wait.object_type;
  }
  find_holder(wait, object, first);
  return wait;
}

using Waits = std::map<std::uint32_t, Wait>;  // by thread

// The threads of a cycle in the wait-for graph, starting at the lowest number; empty if there is
// none.
std::vector<std::uint32_t> cycle_of(const Waits& waits) {
  for (const auto& [start, first] : waits) {
    std::vector<std::uint32_t> path{start};
    for (auto at = waits.find(first.held_by); at != waits.end() && path.size() <= waits.size();
         at = waits.find(at->second.held_by)) {
      if (at->first == start) return path;
      path.push_back(at->first);
    }
  }
  return {};
}

std::string to_json(const Wait& wait) {
  return json::Object()
      .add("thread", std::to_string(wait.thread))
      .add("name", json::text(wait.name))
      .add("reason", json::text(name_of(wait.reason)))
      .add("object", std::to_string(wait.object))
      .add("object_name", json::text(wait.object_name))
      .add("object_type", json::text(wait.object_type))
      .add("where", json::text(wait.where))
      .add("held_by", std::to_string(wait.held_by))
      .add("held_since", json::text(wait.held_since))
      .str();
}

std::string in_parentheses(const std::string& place) {
  return place.empty() ? "" : " (" + place + ")";
}

// "Thread-1 holds Lock-A (demo.cpp:12), waits for Lock-B (demo.cpp:13)"
std::string to_text(const Wait& wait, const Waits& waits) {
  std::string text = wait.name;
  std::vector<std::uint32_t> listed;
  for (const auto& [thread, other] : waits) {
    if (other.held_by != wait.thread || other.object_type == "thread" ||
        std::ranges::find(listed, other.object) != listed.end()) {
      continue;
    }
    listed.push_back(other.object);
    text += other.object_type == "future" ? " runs " : " holds ";
    text += other.object_name + in_parentheses(other.held_since) + ",";
  }
  text += " waits for ";
  text += wait.object_name.empty() ? "other threads to end" : wait.object_name;
  text += in_parentheses(wait.where);
  if (wait.held_by != 0 && !waits.contains(wait.held_by)) {
    text += ", which thread " + std::to_string(wait.held_by) + " has kept" +
            in_parentheses(wait.held_since);
  }
  return text;
}

Deadlock describe_all(const ThreadState* first) {
  Waits waits;
  for (const ThreadState* thread = first; thread != nullptr; thread = thread->next_in_session) {
    // A leaving thread counts as parked but waits for nothing.
    if (thread->parked_on.load() == &thread->ended) continue;
    waits.emplace(thread->number, describe(*thread, first));
  }
  const std::vector<std::uint32_t> cycle = cycle_of(waits);
  Deadlock deadlock;
  deadlock.json =
      json::Object()
          .add("threads", json::array(waits, [](const auto& wait) { return to_json(wait.second); }))
          .add("cycle",
               json::array(cycle, [](std::uint32_t thread) { return std::to_string(thread); }))
          .str();
  const auto append = [&](const Wait& wait) {
    deadlock.text += (deadlock.text.empty() ? "deadlock: " : "; ") + to_text(wait, waits);
  };
  for (const std::uint32_t thread : cycle) append(waits.at(thread));
  for (const auto& [thread, wait] : waits) {
    if (std::ranges::find(cycle, thread) == cycle.end()) append(wait);
  }
  return deadlock;
}

}  // namespace

std::optional<Deadlock> find_deadlock(const ThreadState& finder) {
  Session& session = *finder.session;
  if (!session.finds_deadlocks() || session.stopping()) return std::nullopt;
  std::optional<Deadlock> found;
  session.threads().if_quiescent([&](const ThreadState* first) {
    if (session.stopping()) return;  // another thread has found it
    session.set_deadlocked();
    found = describe_all(first);
  });
  return found;
}

void report(ThreadState& finder, const Deadlock& deadlock) noexcept {
  finder.record_with_payload(trace::Kind::deadlock, 0, 0, 0, deadlock.json);
  finder.record_with_payload(trace::Kind::error, 0, 0, 0, deadlock.text);
  finder.session->threads().wake_deadlocked(finder);
}

void end_if_deadlocked(ThreadState& leaving) noexcept {
  if (const auto deadlock = find_deadlock(leaving); deadlock) report(leaving, *deadlock);
}

}  // namespace weft::runtime
