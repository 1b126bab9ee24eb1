#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/queue/internal/nothrow_movable.h"

namespace weft::queue {

/// A binary min-heap, as Python's heapq. Not stable.
///
/// push() and pop() give the strong exception guarantee: they do all comparisons first, then
/// construct or move out the item; the swaps after that do not throw (NothrowMovable).
template <class T, class Before>
class BinaryHeap {
 public:
  explicit BinaryHeap(Before before = Before()) : before_(std::move(before)) {}

  /// A new, empty heap with the same order.
  BinaryHeap make_empty() const { return BinaryHeap(before_); }

  std::size_t size() const noexcept { return items_.size(); }

  void push(T&& item) {
    const std::size_t place = place_for(item);
    items_.emplace_back(std::move(item));
    for (std::size_t i = items_.size() - 1; i != place; i = parent(i)) {
      std::swap(items_[i], items_[parent(i)]);
    }
  }

  /// Removes and returns the least item. Requires that there is one.
  T pop() {
    const std::size_t place = place_for_last();
    T item = std::move(items_.front().item());
    drop_first(place);
    return item;
  }

  void swap(BinaryHeap& other) noexcept { items_.swap(other.items_); }

 private:
  static std::size_t parent(std::size_t i) noexcept { return (i - 1) / 2; }

  // Removes the root; moves the last item to `place`, as place_for_last() gave it.
  void drop_first(std::size_t place) noexcept {
    NothrowMovable<T> moving = std::move(items_.back());
    items_.pop_back();
    if (items_.empty()) return;
    // Shifts the items on the path from `place` to the root up by one level each.
    for (std::size_t i = place;; i = parent(i)) {
      std::swap(moving, items_[i]);
      if (i == 0) return;
    }
  }

  // Sift-up without moves: the index at which a new item belongs.
  std::size_t place_for(const T& item) const {
    std::size_t place = items_.size();
    while (place != 0 && before_(item, items_[parent(place)].item())) place = parent(place);
    return place;
  }

  // Sift-down without moves: the index at which the last item belongs once the root is removed.
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
  std::vector<NothrowMovable<T>> items_;
};

}  // namespace weft::queue
