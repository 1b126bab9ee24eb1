#pragma once

#include <cstddef>
#include <utility>

#include "weft/queue/internal/slot_flags.h"
#include "weft/queue/internal/slot_ring.h"
#include "weft/queue/internal/two_ended_fifo.h"

namespace weft::queue {

/// The storage of a Queue: a SlotRing if it is bounded and small, else a TwoEndedFifo.
template <class T>
class QueueItems {
 public:
  /// `maxsize` 0: unbounded.
  explicit QueueItems(std::size_t maxsize) : ring_(SlotRing<T>::fits(maxsize) ? maxsize : 0) {}

  /// The per-slot flags by which the two ends synchronize; empty if they use counters (see
  /// QueueEnd).
  const SlotFlags& flags() const noexcept { return ring_.flags(); }

  void push(T&& item) {
    if (flags()) {
      ring_.push(std::move(item));
    } else {
      fifo_.push(std::move(item));
    }
  }

  T& first() noexcept { return flags() ? ring_.first() : fifo_.first(); }

  void drop_first() noexcept {
    if (flags()) {
      ring_.drop_first();
    } else {
      fifo_.drop_first();
    }
  }

  struct Remainder {
    typename SlotRing<T>::Remainder of_ring;
    typename TwoEndedFifo<T>::Remainder of_fifo;
  };

  /// Moves all items, of which there are `size`, to `remainder`. Requires that the caller holds
  /// both ends, and that the storage is not used afterwards.
  void take_all(std::size_t size, Remainder& remainder) noexcept {
    if (flags()) {
      ring_.take_all(size, remainder.of_ring);
    } else {
      fifo_.take_all(size, remainder.of_fifo);
    }
  }

 private:
  SlotRing<T> ring_;
  TwoEndedFifo<T> fifo_;
};

}  // namespace weft::queue
