#include "weft/platform/thread.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <string>

#include <pthread.h>
#include <unistd.h>

#include "weft/errors.h"

namespace weft::platform {
namespace {

std::atomic<std::uint32_t> running{0};

void* run(void* raw) {
  const std::unique_ptr<ThreadBody> body(static_cast<ThreadBody*>(raw));
  body->run(body->argument);
  running.fetch_sub(1, std::memory_order_relaxed);
  body->ended(body->argument);
  return nullptr;
}

}  // namespace

ThreadHandle start_thread(ThreadBody body) {
  auto owned = std::make_unique<ThreadBody>(body);
  running.fetch_add(1, std::memory_order_relaxed);
  pthread_t thread{};
  if (const int error = pthread_create(&thread, nullptr, run, owned.get()); error != 0) {
    running.fetch_sub(1, std::memory_order_relaxed);
    throw RuntimeError(std::string("can't start new thread: ") + std::strerror(error));
  }
  owned.release();
  return {static_cast<std::uintptr_t>(thread)};
}

void join_thread(ThreadHandle thread) noexcept {
  pthread_join(static_cast<pthread_t>(thread.native), nullptr);
}

void detach_thread(ThreadHandle thread) noexcept {
  pthread_detach(static_cast<pthread_t>(thread.native));
}

std::uint64_t native_thread_id() noexcept { return static_cast<std::uint64_t>(gettid()); }
bool is_main_thread() noexcept { return gettid() == getpid(); }

std::uint32_t thread_limit() noexcept { return 0; }
const std::atomic<std::uint32_t>& thread_count() noexcept { return running; }
void warm_threads(std::uint32_t) {}

}  // namespace weft::platform
