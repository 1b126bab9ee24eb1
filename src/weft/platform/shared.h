#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

/// The one memory that the processes of a run share. Natively it is mapped into each of them; an
/// instance of WebAssembly can address no memory but its own, so there it lies in a SharedArrayBuffer
/// and is reached through these functions only. Whatever is shared is therefore written once, for both.
///
/// Places in it are told by their distance in bytes from its beginning. Words are of 32 bits and lie
/// at multiples of 4; operations on words are atomic and sequentially consistent.
namespace weft::platform::shared {

using Offset = std::uint32_t;

/// Natively: makes the memory, of `size` bytes that are 0, and maps it. In WebAssembly: takes the one
/// that the machine made. Throws RuntimeError if there is none to be had.
void create(std::uint32_t size);
/// True once this process has the memory: from its start if it was started as a child.
bool attached() noexcept;
/// Bytes.
std::uint32_t size() noexcept;

std::uint32_t load(Offset word) noexcept;
void store(Offset word, std::uint32_t value) noexcept;
std::uint32_t exchange(Offset word, std::uint32_t value) noexcept;
/// Returns what was there: `expected` if it was replaced.
std::uint32_t compare_exchange(Offset word, std::uint32_t expected, std::uint32_t desired) noexcept;
/// Each returns what was there before. Subtract by adding the two's complement.
std::uint32_t fetch_add(Offset word, std::uint32_t value) noexcept;
std::uint32_t fetch_and(Offset word, std::uint32_t value) noexcept;
std::uint32_t fetch_or(Offset word, std::uint32_t value) noexcept;

/// Copies bytes in and out. Not atomic: what one process writes, another may read half.
void write(Offset to, const void* from, std::size_t bytes) noexcept;
void read(void* to, Offset from, std::size_t bytes) noexcept;
void fill_with_zeros(Offset from, std::size_t bytes) noexcept;

/// Sleeps while the word is `expected`, until woken or until the timeout. Returns false if the time
/// was up. May return true for no reason. Nobody but `runtime` calls it.
bool wait(Offset word, std::uint32_t expected,
          std::optional<std::chrono::nanoseconds> timeout = std::nullopt) noexcept;
/// Wakes at most `count` sleepers of all processes.
void wake(Offset word, std::uint32_t count) noexcept;

/// While it lasts the calling thread may change what is shared. A process that was killed changes
/// nothing any more: a thread of it that gets here never comes back (in a browser such a thread may
/// run on for seconds), and whoever cleans up behind the process waits for the threads that are
/// inside. So an access must be short and never sleep. Nests. Natively it does nothing: what is
/// killed there stops at once.
class Access {
 public:
#ifdef __EMSCRIPTEN__
  Access() noexcept;
  ~Access();
#else
  Access() noexcept {}
  ~Access() {}
#endif
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
};

}  // namespace weft::platform::shared
