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

#include "weft/ipc/object_table.h"

namespace weft::ipc {

using Bytes = std::vector<std::byte>;

/// Bytes received from another process do not deserialise as the expected type.
/// Python: https://docs.python.org/3/library/pickle.html#pickle.UnpicklingError
struct SerialiseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A buffer of values that are sent to another process. One serialise() function per type both
/// writes and reads, as in Boost.Serialization: the archive's mode selects which. See serialise.h
/// for the supported types and how to add one's own.
///
/// Example:
///     struct Point {
///       int x = 0;
///       int y = 0;
///     };
///     void serialise(Archive& archive, Point& point) { archive(point.x, point.y); }
///     auto [reader, writer] = multiprocessing::Pipe(false);
///     writer.send(Point{1, 2});
///     reader.recv<Point>().y;   // 2
class Archive {
 public:
  /// An archive for writing. `receiver` is the slot of the process that will read it, if known:
  /// then handles written to it are counted as that process's at once, else as in transit.
  explicit Archive(std::optional<std::uint32_t> receiver = std::nullopt) : holder_(receiver) {}
  /// An archive for writing what is read any number of times. It refuses handles, whose reference
  /// has one reader: ValueError.
  struct ForManyReaders {};
  explicit Archive(ForManyReaders) : takes_handles_(false) {}
  /// An archive for reading. `bytes` must outlive it.
  explicit Archive(std::span<const std::byte> bytes,
                   std::optional<std::uint32_t> receiver = std::nullopt)
      : reading_(true), holder_(receiver), unread_(bytes) {}
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  bool reading() const noexcept { return reading_; }
  /// The `receiver` passed to the constructor.
  std::optional<std::uint32_t> receiver() const noexcept { return holder_; }

  /// Writes or reads the values in order.
  template <class... Values>
  void operator()(Values&... values);

  /// Copies bytes verbatim. Throws SerialiseError if fewer are left to read.
  void raw(void* place, std::size_t bytes) {
    if (reading_) {
      read(place, bytes);
    } else {
      const auto* const first = static_cast<const std::byte*>(place);
      written_.insert(written_.end(), first, first + bytes);
    }
  }

  /// The number of elements that follow, each at least `least` bytes long. Reading throws
  /// SerialiseError for a count that the rest of the message cannot contain, before the caller
  /// allocates anything for it. Writing throws ValueError for a count above 2^32 - 1.
  std::size_t count(std::size_t count, std::size_t least);

  /// A reference-counted handle to a shared object. Writing adds a reference, which the reader
  /// takes over: it keeps the object alive in between, so the writer may drop its own at once.
  /// Reading throws SerialiseError if the handle names no existing object; writing throws
  /// ValueError in an archive for many readers.
  void handle(ObjectHandle& handle);

  /// The bytes written.
  const Bytes& bytes() const noexcept { return written_; }
  /// Mutable, so that a caller can reserve space for a header.
  Bytes& bytes() noexcept { return written_; }
  Bytes take_bytes() noexcept { return std::move(written_); }
  /// Discards what was written; the capacity is kept. Drops no reference of a handle.
  void clear() noexcept { written_.clear(); }

  /// Number of bytes not yet read.
  std::size_t left() const noexcept { return unread_.size(); }
  /// Throws SerialiseError if there are unread bytes.
  void expect_end() const;

 private:
  void read(void* place, std::size_t bytes);

  const bool reading_ = false;
  const bool takes_handles_ = true;
  const std::optional<std::uint32_t> holder_;  // the receiver's slot
  Bytes written_;
  std::span<const std::byte> unread_;
};

}  // namespace weft::ipc
