#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace weft::queue {

/// A container element that is always nothrow-movable: holds the item inline if T is, else in an
/// allocation of its own, so that only the pointer moves.
template <class T,
          bool = std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_move_assignable_v<T>>
class NothrowMovable {
 public:
  explicit NothrowMovable(T&& item) noexcept : item_(std::move(item)) {}

  T& item() noexcept { return item_; }
  const T& item() const noexcept { return item_; }

 private:
  T item_;
};

template <class T>
class NothrowMovable<T, false> {
 public:
  explicit NothrowMovable(T&& item) : item_(std::make_unique<T>(std::move(item))) {}

  T& item() noexcept { return *item_; }
  const T& item() const noexcept { return *item_; }

 private:
  std::unique_ptr<T> item_;
};

}  // namespace weft::queue
