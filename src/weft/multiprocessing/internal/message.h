#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "weft/ipc/message_ring.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

/// A value serialised for a ring, with space in front for the ring's header. The buffer is
/// thread-local and reused; one that has grown beyond 64 kB is freed.
class OutgoingMessage {
 public:
  template <Sendable T>
  explicit OutgoingMessage(const T& value) : OutgoingMessage() {
    archive_(const_cast<T&>(value));  // writing changes nothing
  }
  explicit OutgoingMessage(std::span<const std::byte> bytes) : OutgoingMessage() {
    archive_.bytes().insert(archive_.bytes().end(), bytes.begin(), bytes.end());
  }
  /// An empty message.
  OutgoingMessage() : nested_(busy_), archive_(nested_ ? own_.emplace() : spare()) {
    busy_ = true;
    clear();
  }
  ~OutgoingMessage() {
    if (archive_.bytes().capacity() > kMaxKept) archive_.take_bytes();
    if (!nested_) busy_ = false;
  }
  OutgoingMessage(const OutgoingMessage&) = delete;
  OutgoingMessage& operator=(const OutgoingMessage&) = delete;

  /// For appending to the message.
  Archive& archive() noexcept { return archive_; }
  void clear() { archive_.bytes().assign(ipc::MessageRing::kHeaderBytes, std::byte{}); }

  std::size_t size() const noexcept {
    return archive_.bytes().size() - ipc::MessageRing::kHeaderBytes;
  }
  ipc::MessageRing::Framed framed() noexcept { return archive_.bytes(); }

 private:
  static constexpr std::size_t kMaxKept = 1 << 16;

  static Archive& spare() {
    thread_local Archive archive;
    return archive;
  }

  static inline thread_local bool busy_ = false;

  // True if another message of this thread uses the thread-local buffer, for example because a
  // serialise() function sends a message itself: then this one has a buffer of its own.
  const bool nested_;
  std::optional<Archive> own_;
  Archive& archive_;
};

}  // namespace weft::multiprocessing
