#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

/// The memory that the processes of a run share. Natively it is mapped into each of them. An
/// instance of WebAssembly can address its own memory only, so there it is a SharedArrayBuffer that
/// is accessed through these functions. Code that uses them works on both.
///
/// Addresses are offsets in bytes from its beginning. Words have 32 bits and are aligned to 4
/// bytes; operations on words are atomic and sequentially consistent.
namespace weft::platform::shared {

using Offset = std::uint32_t;

/// Natively: creates the memory, `size` bytes of 0, and maps it. In WebAssembly: attaches the
/// memory that the machine created. Throws RuntimeError if it is unavailable.
void create(std::uint32_t size);
/// True once this process has attached the memory; a child has from its start.
bool attached() noexcept;
/// In bytes; 0 if not attached.
std::uint32_t size() noexcept;

std::uint32_t load(Offset word) noexcept;
void store(Offset word, std::uint32_t value) noexcept;
std::uint32_t exchange(Offset word, std::uint32_t value) noexcept;
/// Returns the previous value: `expected` if it was replaced.
std::uint32_t compare_exchange(Offset word, std::uint32_t expected, std::uint32_t desired) noexcept;
/// Each returns the previous value. Subtract by adding the two's complement.
std::uint32_t fetch_add(Offset word, std::uint32_t value) noexcept;
std::uint32_t fetch_and(Offset word, std::uint32_t value) noexcept;
std::uint32_t fetch_or(Offset word, std::uint32_t value) noexcept;

/// Copy bytes in and out. Not atomic: a concurrent reader may see a partial write.
void write(Offset to, const void* from, std::size_t bytes) noexcept;
void read(void* to, Offset from, std::size_t bytes) noexcept;
void fill_with_zeros(Offset from, std::size_t bytes) noexcept;

/// Blocks while the word is `expected`, until woken or until the timeout. Returns false on timeout.
/// Wake-ups may be spurious. Neither a scheduling point nor stoppable: primitives use
/// runtime::park_shared.
bool wait(Offset word, std::uint32_t expected,
          std::optional<std::chrono::nanoseconds> timeout = std::nullopt) noexcept;
/// Wakes at most `count` threads, of all processes, blocked on the word.
void wake(Offset word, std::uint32_t count) noexcept;

/// RAII: rundown protection of the process. Changes of the shared memory are made while an Access
/// is held. Once a process was marked as killed, a thread of it that tries to acquire an Access
/// never returns (in a browser such a thread may run on for seconds), and the process is reaped
/// after the last Access in progress has been released. So an Access must be short and must not
/// block. Nests. Natively it does nothing: a killed process stops at once.
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
