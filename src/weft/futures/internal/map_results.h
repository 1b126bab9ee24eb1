#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/internal/results_iterator.h"

namespace weft::futures {

/// The result of a done future as map() yields it: a reference, or, for a move-only type, the
/// result itself, moved out. Throws the task's exception.
template <class T>
decltype(auto) take_result(const Future<T>& future) {
  if constexpr (std::is_void_v<T> || std::is_reference_v<T> || kCopyable<T>) {
    return future.result();
  } else {
    future.result();  // rethrows the task's exception
    return std::move(future.state()->value());
  }
}

/// The range that ThreadPoolExecutor::map returns: the results in order of the items. Single-pass.
/// Dereferencing an iterator blocks until that result is available; it returns a reference, or, for
/// a move-only type, moves the result out. Its destructor cancels the tasks that have not begun.
template <class T>
class MapResults {
 public:
  MapResults(std::vector<Future<T>> futures, runtime::Deadline deadline, runtime::Where where)
      : futures_(std::move(futures)), deadline_(deadline), where_(where) {}
  MapResults(MapResults&&) noexcept = default;
  MapResults& operator=(MapResults&&) = delete;
  ~MapResults() {
    for (; next_ < futures_.size(); ++next_) futures_[next_].state()->cancel_now();
  }

  using Iterator = ResultsIterator<MapResults, T>;
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend Iterator;

  bool is_at_end() const noexcept { return next_ == futures_.size(); }
  void advance() noexcept { ++next_; }
  decltype(auto) current() {
    const Future<T>& future = futures_[next_];
    future.state()->wait(deadline_, where_);
    return take_result(future);
  }

  std::vector<Future<T>> futures_;
  std::size_t next_ = 0;
  runtime::Deadline deadline_;
  runtime::Where where_;
};

}  // namespace weft::futures
