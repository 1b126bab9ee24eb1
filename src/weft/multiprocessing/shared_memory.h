#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/archive.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {

/// A block of memory that processes share and that any of them can find by its name. Copies are the same
/// block, and so is what another process receives when one is sent to it.
/// Python: https://docs.python.org/3/library/multiprocessing.shared_memory.html
///
/// It stays until it is unlinked and closed in every process, or the run ends. It is read and written by
/// calls, as it lies where a process in a browser can't reach it otherwise. Nothing guards it.
class SharedMemory {
 public:
  /// Refers to none.
  SharedMemory() = default;

  /// A new block of `size` zeros. `name` empty: "SharedMemory-N". Throws FileExistsError if there is one of
  /// that name, ValueError for a size of 0, RuntimeError if there is not so much room.
  static SharedMemory create(std::size_t size, std::string_view name = {});
  /// The block of that name. Throws FileNotFoundError if there is none.
  static SharedMemory attach(std::string_view name);

  std::string name() const;
  std::size_t size() const;

  /// Copies bytes. Not atomic. Throw IndexError beyond the end, as do the others.
  void read(std::size_t from, void* bytes, std::size_t count) const;
  void write(std::size_t to, const void* bytes, std::size_t count);

  /// One word at a multiple of 4, atomically.
  std::uint32_t load(std::size_t at) const;
  void store(std::size_t at, std::uint32_t value);
  /// Returns what was there before.
  std::uint32_t fetch_add(std::size_t at, std::uint32_t value);
  std::uint32_t compare_exchange(std::size_t at, std::uint32_t expected, std::uint32_t desired);

  /// Lets go of it in this process; may be repeated. Every other use throws ValueError then.
  void close() noexcept;
  /// Takes its name from it: nobody finds it any more. Throws FileNotFoundError if somebody was faster.
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
