#include "weft/runtime/internal/registry.h"

#include "weft/platform/mutex.h"

namespace weft::runtime {
namespace {

platform::Mutex mutex;
ThreadState* first WEFT_GUARDED_BY(mutex) = nullptr;
ThreadState* last WEFT_GUARDED_BY(mutex) = nullptr;

}  // namespace

void register_thread(ThreadState& thread) noexcept {
  const platform::LockGuard guard(mutex);
  thread.previous_alive = last;
  (last != nullptr ? last->next_alive : first) = &thread;
  last = &thread;
}

void unregister_thread(ThreadState& thread) noexcept {
  const platform::LockGuard guard(mutex);
  (thread.previous_alive != nullptr ? thread.previous_alive->next_alive : first) =
      thread.next_alive;
  (thread.next_alive != nullptr ? thread.next_alive->previous_alive : last) = thread.previous_alive;
}

std::vector<std::shared_ptr<ThreadState>> threads_alive(const Session* session) {
  std::vector<std::shared_ptr<ThreadState>> found;
  const platform::LockGuard guard(mutex);
  for (ThreadState* thread = first; thread != nullptr; thread = thread->next_alive) {
    if (thread->session == session) found.push_back(thread->shared_from_this());
  }
  return found;
}

}  // namespace weft::runtime
