#pragma once

#include <atomic>
#include <cstdint>

namespace weft::platform {

/// What a thread is to do.
struct ThreadBody {
  /// Runs on the new thread. Must not throw.
  void (*run)(void* argument) noexcept;
  /// Runs on the same thread, last of all, when the thread no longer counts against the limit:
  /// the place to tell those who wait for its end. Whatever `argument` points to may be gone as
  /// soon as they know.
  void (*ended)(void* argument) noexcept;
  void* argument;
};

/// A thread that was started; to be joined or detached exactly once.
struct ThreadHandle {
  std::uintptr_t native = 0;
};

/// Starts a thread. Throws RuntimeError if the system or `thread_limit()` allows no further one.
///
/// In WebAssembly the thread runs on a worker that is kept after its end and used again, so that
/// only the first threads of a process pay for the start of a worker.
ThreadHandle start_thread(ThreadBody body);

/// Waits for the thread to be gone, after its `ended` ran; at most a few microseconds.
void join_thread(ThreadHandle thread) noexcept;
void detach_thread(ThreadHandle thread) noexcept;

/// The system's number for the calling thread, for other tools to know it by.
std::uint64_t native_thread_id() noexcept;

/// True on the thread that the program's main() runs on. (In WebAssembly: on the first thread that
/// asked this, started a thread or opened a session, as the system cannot tell.)
bool is_main_thread() noexcept;

/// The most threads that may run at once beside the main thread; 0 if only the system limits them.
std::uint32_t thread_limit() noexcept;

/// Threads of the system made so far for `start_thread` and still there, running or kept.
const std::atomic<std::uint32_t>& thread_count() noexcept;

/// Makes sure that the next `count` threads find a worker waiting (does nothing natively).
void warm_threads(std::uint32_t count);

}  // namespace weft::platform
