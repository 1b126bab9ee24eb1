#pragma once

#include <cstddef>
#include <utility>

#include "weft/queue/marks.h"
#include "weft/queue/place_ring.h"
#include "weft/queue/two_ended_fifo.h"

namespace weft::queue {

/// The storage of a Queue: a PlaceRing if it is bounded and small, else a TwoEndedFifo.
template <class T>
class QueueItems {
 public:
  /// `maxsize` 0: unbounded.
  explicit QueueItems(std::size_t maxsize) : few_(PlaceRing<T>::fits(maxsize) ? maxsize : 0) {}

  /// The per-slot flags by which the two ends synchronize; empty if they use counters (see Side).
  const Marks& marks() const noexcept { return few_.marks(); }

  void push(T&& item) {
    if (marks()) {
      few_.push(std::move(item));
    } else {
      many_.push(std::move(item));
    }
  }

  T& first() noexcept { return marks() ? few_.first() : many_.first(); }

  void drop_first() noexcept {
    if (marks()) {
      few_.drop_first();
    } else {
      many_.drop_first();
    }
  }

  struct Rest {
    typename PlaceRing<T>::Rest of_few;
    typename TwoEndedFifo<T>::Rest of_many;
  };

  /// Moves all items, of which there are `size`, to `rest`. Requires that the caller holds both
  /// ends, and that the storage is not used afterwards.
  void take_all(std::size_t size, Rest& rest) noexcept {
    if (marks()) {
      few_.take_all(size, rest.of_few);
    } else {
      many_.take_all(size, rest.of_many);
    }
  }

 private:
  PlaceRing<T> few_;
  TwoEndedFifo<T> many_;
};

}  // namespace weft::queue
