#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weft::platform {

/// The entry points of a thread.
struct ThreadBody {
  /// Runs on the new thread. Must not throw.
  void (*run)(void* argument) noexcept;
  /// Runs last on the same thread, when it no longer counts against the limit: the place to notify
  /// joiners, which may free what `argument` points to.
  void (*ended)(void* argument) noexcept;
  void* argument;
};

/// A started thread; it must be joined or detached exactly once.
struct ThreadHandle {
  std::uintptr_t native = 0;
};

/// Starts a thread. Throws RuntimeError if the system or `thread_limit()` allows no more.
///
/// In WebAssembly the thread runs on a web worker that is kept in a pool after the thread's end, so
/// only the first threads of a process pay for the start of a worker.
ThreadHandle start_thread(ThreadBody body);

/// Blocks until the thread is gone. To be called after `ended` has begun: at most microseconds.
void join_thread(ThreadHandle thread) noexcept;
void detach_thread(ThreadHandle thread) noexcept;

/// The system's id of the calling thread, as debuggers show it.
std::uint64_t native_thread_id() noexcept;

/// True on the thread that runs the program's main(). In WebAssembly, which cannot tell: on the
/// first thread that called this, started a thread or opened a session.
bool is_main_thread() noexcept;

/// The most threads that may run at a time beside the main thread; 0 if only the system limits
/// them.
std::uint32_t thread_limit() noexcept;

/// The number of system threads that `start_thread` created and that still exist, running or
/// pooled.
const std::atomic<std::uint32_t>& thread_count() noexcept;

/// The number of these that have begun to run. In WebAssembly one begins when its worker has started, which
/// takes milliseconds.
const std::atomic<std::uint32_t>& begun_thread_count() noexcept;

/// The stack size in bytes of the threads that start later; 0, the default: the system's own.
std::size_t stack_size() noexcept;
/// Sets it. Returns false, without effect, if the system refuses the size. Throws RuntimeError in
/// WebAssembly: there threads run on pooled workers, whose stacks exist already.
bool set_stack_size(std::size_t size);

/// Fills the pool of workers up to `count` (natively: does nothing).
void warm_threads(std::uint32_t count);

}  // namespace weft::platform
