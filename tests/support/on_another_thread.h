#pragma once

#include <optional>
#include <type_traits>

#include "weft/threading/thread.h"

namespace weft::test {

/// What `action()` returns on a thread of its own, once that has ended.
template <class Action>
auto on_another_thread(Action action) {
  using Result = std::invoke_result_t<Action&>;
  if constexpr (std::is_void_v<Result>) {
    threading::Thread thread(action);
    thread.start();
    thread.join();
  } else {
    std::optional<Result> result;
    threading::Thread thread([&] { result = action(); });
    thread.start();
    thread.join();
    return *result;
  }
}

/// Whether another thread could take it now; it gives it back at once.
template <class Lockable>
bool is_free_for_others(Lockable& lockable) {
  return on_another_thread([&] {
    const bool taken = lockable.acquire(false);
    if (taken) lockable.release();
    return taken;
  });
}

}  // namespace weft::test
