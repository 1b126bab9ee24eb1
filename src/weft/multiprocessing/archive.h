#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/multiprocessing/object_table.h"

namespace weft::multiprocessing {

using Bytes = std::vector<std::byte>;

/// Bytes that came from another process do not make up what was expected.
/// Python: https://docs.python.org/3/library/pickle.html#pickle.UnpicklingError
struct SerialiseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Values on their way to another process: the same calls write them there and read them here. See
/// serialise.h for what can be sent, and how types of one's own are.
class Archive {
 public:
  /// For writing. `receiver` is the slot of the process that will read it, if that is known: then the
  /// handles in it are that process's from now on.
  explicit Archive(std::optional<std::uint32_t> receiver = std::nullopt) : holder_(receiver) {}
  /// For reading; the bytes outlive the archive.
  explicit Archive(std::span<const std::byte> bytes,
                   std::optional<std::uint32_t> receiver = std::nullopt)
      : reading_(true), holder_(receiver), unread_(bytes) {}
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  bool reading() const noexcept { return reading_; }
  /// The slot it was given.
  std::optional<std::uint32_t> receiver() const noexcept { return holder_; }

  /// Writes or reads the values one after the other.
  template <class... Values>
  void operator()(Values&... values);

  /// So many bytes as they lie in memory. Throws SerialiseError if there are fewer left to read.
  void raw(void* place, std::size_t bytes) {
    if (reading_) {
      read(place, bytes);
    } else {
      const auto* const first = static_cast<const std::byte*>(place);
      written_.insert(written_.end(), first, first + bytes);
    }
  }

  /// How many elements follow, each of `least` bytes or more: more than can be there are refused before
  /// anything is made of them. Throws ValueError if there are more than 2^32 - 1 to be written.
  std::size_t count(std::size_t count, std::size_t least);

  /// A handle on a shared object. Written, the reader gets one of its own, and until then the object
  /// stays; the writer may let go of its own at once.
  void hold(Hold& hold);

  /// What was written.
  const Bytes& bytes() const noexcept { return written_; }
  /// The same, for those who leave room in it for a header of theirs.
  Bytes& bytes() noexcept { return written_; }
  Bytes take_bytes() noexcept { return std::move(written_); }
  /// Empties it, to be written anew.
  void clear() noexcept { written_.clear(); }

  /// Bytes still to be read.
  std::size_t left() const noexcept { return unread_.size(); }
  /// Throws SerialiseError if anything is left to be read.
  void expect_end() const;

 private:
  void read(void* place, std::size_t bytes);

  const bool reading_ = false;
  const std::optional<std::uint32_t> holder_;
  Bytes written_;
  std::span<const std::byte> unread_;
};

}  // namespace weft::multiprocessing
