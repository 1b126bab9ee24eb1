#include "weft/runtime/internal/process_end.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ranges>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/platform/process.h"
#include "weft/platform/thread.h"
#include "weft/runtime/internal/registry.h"
#include "weft/runtime/internal/thread.h"

namespace weft::runtime {
namespace {

using Action = void (*)() noexcept;

std::atomic<bool> ends{false};

platform::Mutex mutex;
// Never destroyed, as the handler of the process's end uses it.
std::vector<Action>& actions() WEFT_REQUIRES(mutex) {
  static auto* const actions = new std::vector<Action>;
  return *actions;
}

void run_actions() {
  std::vector<Action> all;
  {
    const platform::LockGuard guard(mutex);
    all = actions();
  }
  for (const Action action : all | std::views::reverse) action();
}

// In a loop, as they may start further threads.
void wait_for_threads() {
  for (;;) {
    const auto alive = threads_alive(nullptr);
    const auto foreground =
        std::ranges::find_if(alive, [](const auto& thread) { return !thread->daemon; });
    if (foreground == alive.end()) return;
    join_thread(**foreground, std::nullopt, Stoppable::no);
  }
}

}  // namespace

void watch_for_process_end() noexcept {
  static const std::uint32_t registered_by = platform::process_id();
  [[maybe_unused]] static const int watched = std::atexit([] {
    // A child of fork() has none of the threads.
    if (platform::process_id() == registered_by && platform::is_main_thread()) {
      run_actions();
      wait_for_threads();
    }
    ends.store(true);
  });
}

void at_process_end(Action action) {
  const platform::LockGuard guard(mutex);
  actions().push_back(action);
}

bool process_ends() noexcept { return ends.load(); }

}  // namespace weft::runtime
