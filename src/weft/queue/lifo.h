#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/queue/slot.h"

namespace weft::queue {

/// Items of which the newest leaves first. A push or a pop that throws changes nothing.
template <class T>
class Lifo {
 public:
  /// An empty one of the same kind.
  Lifo none() const { return Lifo(); }

  std::size_t size() const noexcept { return items_.size(); }

  void push(T&& item) { items_.emplace_back(std::move(item)); }

  /// Removes and returns the newest item; there must be one.
  T pop() {
    T item = std::move(items_.back().item());
    items_.pop_back();
    return item;
  }

  void swap(Lifo& other) noexcept { items_.swap(other.items_); }

 private:
  std::vector<Slot<T>> items_;
};

}  // namespace weft::queue
