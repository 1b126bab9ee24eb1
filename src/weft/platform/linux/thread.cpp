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

std::atomic<std::uint32_t> threads_alive{0};
std::atomic<std::size_t> stack_bytes{0};  // 0: the system's default

/// The attributes of a new thread; null, the defaults, unless a stack size was set.
class Attributes {
 public:
  explicit Attributes(std::size_t stack) noexcept {
    if (stack == 0) return;
    pthread_attr_init(&attributes_);
    given_ = true;
    is_valid_ = pthread_attr_setstacksize(&attributes_, stack) == 0;
  }
  ~Attributes() {
    if (given_) pthread_attr_destroy(&attributes_);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  bool is_valid() const noexcept { return is_valid_; }
  const pthread_attr_t* get() const noexcept { return given_ ? &attributes_ : nullptr; }

 private:
  pthread_attr_t attributes_;
  bool given_ = false;
  bool is_valid_ = true;
};

void* run(void* raw) {
  const std::unique_ptr<ThreadBody> body(static_cast<ThreadBody*>(raw));
  body->run(body->argument);
  threads_alive.fetch_sub(1, std::memory_order_relaxed);
  body->ended(body->argument);
  return nullptr;
}

}  // namespace

ThreadHandle start_thread(ThreadBody body) {
  auto owned = std::make_unique<ThreadBody>(body);
  threads_alive.fetch_add(1, std::memory_order_relaxed);
  pthread_t thread{};
  const Attributes attributes(stack_size());
  if (const int error = pthread_create(&thread, attributes.get(), run, owned.get()); error != 0) {
    threads_alive.fetch_sub(1, std::memory_order_relaxed);
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
const std::atomic<std::uint32_t>& thread_count() noexcept { return threads_alive; }
const std::atomic<std::uint32_t>& begun_thread_count() noexcept { return threads_alive; }
void warm_threads(std::uint32_t) {}

std::size_t stack_size() noexcept { return stack_bytes.load(std::memory_order_relaxed); }

bool set_stack_size(std::size_t size) {
  if (!Attributes(size).is_valid()) return false;
  stack_bytes.store(size, std::memory_order_relaxed);
  return true;
}

}  // namespace weft::platform
