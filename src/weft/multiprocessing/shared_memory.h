#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/archive.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {

/// A named block of shared memory. Any process of the run can attach to it by its name. Copies
/// refer to the same block, and so does the object received when one is sent to another process.
/// Python: https://docs.python.org/3/library/multiprocessing.shared_memory.html
///
/// The block lives until it is unlinked and closed in every process, or the run ends. It is
/// accessed by function calls, because in a browser it lies outside the process's linear memory.
/// Access is not synchronised; the single words are atomic.
///
/// Example:
///     SharedMemory block = SharedMemory::create(4096, "counters");
///     // in another process
///     SharedMemory same = SharedMemory::attach("counters");
///     same.fetch_add(0, 1);
class SharedMemory {
 public:
  /// Refers to no block.
  SharedMemory() = default;

  /// Creates a zeroed block of `size` bytes. An empty `name` is replaced by "SharedMemory-N".
  /// Throws FileExistsError if the name is taken, ValueError for a size of 0, RuntimeError if the
  /// shared memory is exhausted.
  static SharedMemory create(std::size_t size, std::string_view name = {});
  /// Attaches to the block of that name. Throws FileNotFoundError if there is none.
  static SharedMemory attach(std::string_view name);

  std::string name() const;
  std::size_t size() const;

  /// Copy bytes; not atomic. Throw IndexError beyond the end, as do the functions below.
  void read(std::size_t from, void* bytes, std::size_t count) const;
  void write(std::size_t to, const void* bytes, std::size_t count);

  /// One 32-bit word, atomically, at a byte offset that is a multiple of 4 (else ValueError).
  std::uint32_t load(std::size_t at) const;
  void store(std::size_t at, std::uint32_t value);
  /// Return the previous value.
  std::uint32_t fetch_add(std::size_t at, std::uint32_t value);
  std::uint32_t compare_exchange(std::size_t at, std::uint32_t expected, std::uint32_t desired);

  /// Releases the handle of this process; may be repeated. Every other use throws ValueError from
  /// then on.
  void close() noexcept;
  /// Removes the name, so that attach() no longer finds the block. Throws FileNotFoundError if it
  /// was unlinked before, by any process.
  void unlink();

  friend void serialise(Archive& archive, SharedMemory& memory);

 private:
  struct State;

  explicit SharedMemory(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
  State& open() const;
  platform::shared::Offset place(std::size_t from, std::size_t count) const;
  platform::shared::Offset word(std::size_t at) const;

  std::shared_ptr<State> state_;
};

}  // namespace weft::multiprocessing
