#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/queue/internal/nothrow_movable.h"

namespace weft::queue {

/// A stack. push() and pop() give the strong exception guarantee.
template <class T>
class Lifo {
 public:
  /// A new, empty stack.
  Lifo make_empty() const { return Lifo(); }

  std::size_t size() const noexcept { return items_.size(); }

  void push(T&& item) { items_.emplace_back(std::move(item)); }

  /// Removes and returns the newest item. Requires that there is one.
  T pop() {
    T item = std::move(items_.back().item());
    items_.pop_back();
    return item;
  }

  void swap(Lifo& other) noexcept { items_.swap(other.items_); }

 private:
  std::vector<NothrowMovable<T>> items_;
};

}  // namespace weft::queue
