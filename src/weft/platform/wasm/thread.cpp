#include "weft/platform/thread.h"

#include <atomic>
#include <string>

#include <pthread.h>

#include "weft/errors.h"
#include "weft/platform/futex.h"
#include "weft/platform/mutex.h"
#include "weft/platform/process_table.h"
#include "weft/platform/shared.h"

namespace weft::platform {
namespace {

// A browser allows some hundreds of workers per page; this is the share of one process.
constexpr std::uint32_t kThreadLimit = 64;

// Spin-then-park: some 16 µs, so that a program that starts and joins threads in a row finds its
// carrier awake. A count, as WebAssembly has no pause instruction.
constexpr int kSpinsBeforeSleep = 4000;

/// A pooled pthread, that is a web worker, which runs the bodies of threads one after another. It
/// is never destroyed, as starting a worker takes milliseconds and needs the event loop.
struct Carrier {
  std::atomic<std::uint32_t> word{0};  // 1: there is a body to run
  ThreadBody body{};
  Carrier* next_idle = nullptr;
};

Mutex mutex;
Carrier* idle WEFT_GUARDED_BY(mutex) = nullptr;  // free list; LIFO
std::atomic<std::uint32_t> made{0};              // carriers that exist; changed under mutex
std::atomic<std::uint32_t> begun{0};             // of those that exist
std::uint32_t busy WEFT_GUARDED_BY(mutex) = 0;   // carriers that run a body

void await_body(Carrier& carrier) noexcept {
  for (int i = 0; i < kSpinsBeforeSleep; ++i) {
    if (carrier.word.load(std::memory_order_acquire) != 0) return;
  }
  while (carrier.word.load(std::memory_order_acquire) == 0) futex_wait(carrier.word, 0);
}

void* carry(void* raw) {
  auto& carrier = *static_cast<Carrier*>(raw);
  begun.fetch_add(1, std::memory_order_relaxed);
  for (;;) {
    await_body(carrier);
    const ThreadBody body = carrier.body;
    body.run(body.argument);
    carrier.word.store(0, std::memory_order_relaxed);
    {
      const LockGuard guard(mutex);
      carrier.next_idle = idle;
      idle = &carrier;
      --busy;
    }
    body.ended(body.argument);
  }
}

std::string limit_reached() {
  return "can't start new thread: all " + std::to_string(kThreadLimit) +
         " threads that a process may have are running";
}

// With several processes: counts the worker among those of the run. Throws RuntimeError at the
// limit.
void count_worker() {
  namespace header = process_table::header;
  if (!shared::attached()) return;
  const std::uint32_t limit = shared::load(header::kWorkerLimit);
  if (shared::fetch_add(header::kWorkers, 1) < limit) return;
  shared::fetch_add(header::kWorkers, ~std::uint32_t{0});
  throw RuntimeError("can't start new thread: all " + std::to_string(limit) +
                     " workers of this run are in use");
}

void make_worker(Carrier& carrier) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int error = pthread_create(&thread, &attributes, carry, &carrier);
  pthread_attr_destroy(&attributes);
  if (error == 0) return;
  throw RuntimeError("can't start new thread: the browser created no worker (error " +
                     std::to_string(error) + ")");
}

// The caller has counted the carrier in `made`; on failure it is subtracted again.
void make_carrier(Carrier& carrier) {
  try {
    count_worker();
    make_worker(carrier);
  } catch (...) {
    const LockGuard guard(mutex);
    made.fetch_sub(1, std::memory_order_relaxed);
    throw;
  }
}

void dispatch(Carrier& carrier, ThreadBody body) noexcept {
  carrier.body = body;
  carrier.word.store(1, std::memory_order_release);
  futex_wake(carrier.word, 1);
}

}  // namespace

ThreadHandle start_thread(ThreadBody body) {
  is_main_thread();  // the first caller is the main thread
  Carrier* carrier = nullptr;
  {
    const LockGuard guard(mutex);
    if (busy == kThreadLimit) throw RuntimeError(limit_reached());
    if (idle != nullptr) {
      carrier = idle;
      idle = carrier->next_idle;
    } else {
      made.fetch_add(1, std::memory_order_relaxed);
    }
    ++busy;
  }
  if (carrier == nullptr) {
    // Without the mutex: pthread_create blocks on the runtime's main thread, which may need it.
    carrier = new Carrier;
    try {
      make_carrier(*carrier);
    } catch (...) {
      delete carrier;
      const LockGuard guard(mutex);
      --busy;
      throw;
    }
  }
  dispatch(*carrier, body);
  return {};
}

void join_thread(ThreadHandle) noexcept {}
void detach_thread(ThreadHandle) noexcept {}

std::uint64_t native_thread_id() noexcept {
  return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(pthread_self()));
}

bool is_main_thread() noexcept {
  static std::atomic<std::uint64_t> main_thread{0};
  const std::uint64_t self = native_thread_id();
  std::uint64_t nobody = 0;
  return main_thread.compare_exchange_strong(nobody, self) || nobody == self;
}

std::uint32_t thread_limit() noexcept { return kThreadLimit; }
const std::atomic<std::uint32_t>& thread_count() noexcept { return made; }
const std::atomic<std::uint32_t>& begun_thread_count() noexcept { return begun; }

std::size_t stack_size() noexcept { return 0; }
bool set_stack_size(std::size_t) { throw RuntimeError("setting stack size not supported"); }

void warm_threads(std::uint32_t count) {
  while (made.load(std::memory_order_relaxed) < count) {
    {
      const LockGuard guard(mutex);
      made.fetch_add(1, std::memory_order_relaxed);
    }
    auto* carrier = new Carrier;
    try {
      make_carrier(*carrier);
    } catch (...) {
      delete carrier;
      throw;
    }
    const LockGuard guard(mutex);
    carrier->next_idle = idle;
    idle = carrier;
  }
}

}  // namespace weft::platform
