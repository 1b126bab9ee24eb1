#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/queue/slot.h"

namespace weft::queue {

/// Items of which the lowest leaves first: a binary heap, as Python's heapq. Not stable.
///
/// A push or a pop that throws changes nothing: its comparisons come first, then the item comes or goes,
/// and what changes places after that does not throw.
template <class T, class Before>
class Heap {
 public:
  explicit Heap(Before before = Before()) : before_(std::move(before)) {}

  /// An empty one of the same kind.
  Heap none() const { return Heap(before_); }

  std::size_t size() const noexcept { return items_.size(); }

  void push(T&& item) {
    const std::size_t place = place_for(item);
    items_.emplace_back(std::move(item));
    for (std::size_t i = items_.size() - 1; i != place; i = parent(i)) {
      std::swap(items_[i], items_[parent(i)]);
    }
  }

  /// Removes and returns the lowest item; there must be one.
  T pop() {
    const std::size_t place = place_for_last();
    T item = std::move(items_.front().item());
    drop_first(place);
    return item;
  }

  void swap(Heap& other) noexcept { items_.swap(other.items_); }

 private:
  static std::size_t parent(std::size_t i) noexcept { return (i - 1) / 2; }

  // Removes the lowest item; the last one goes to `place`.
  void drop_first(std::size_t place) noexcept {
    Slot<T> moving = std::move(items_.back());
    items_.pop_back();
    if (items_.empty()) return;
    // What was there goes to the parent, and so on up to the lowest.
    for (std::size_t i = place;; i = parent(i)) {
      std::swap(moving, items_[i]);
      if (i == 0) return;
    }
  }

  std::size_t place_for(const T& item) const {
    std::size_t place = items_.size();
    while (place != 0 && before_(item, items_[parent(place)].item())) place = parent(place);
    return place;
  }

  // Where the last item belongs once the lowest is gone.
  std::size_t place_for_last() const {
    const std::size_t last = items_.size() - 1;
    std::size_t place = 0;
    for (std::size_t child = 1; child < last; child = 2 * place + 1) {
      if (child + 1 < last && before_(items_[child + 1].item(), items_[child].item())) ++child;
      if (!before_(items_[child].item(), items_[last].item())) break;
      place = child;
    }
    return place;
  }

  Before before_;
  std::vector<Slot<T>> items_;
};

}  // namespace weft::queue
