#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/internal/map_results.h"
#include "weft/futures/internal/results_iterator.h"
#include "weft/multiprocessing/async_result.h"

namespace weft::multiprocessing {

/// The result of ProcessPoolExecutor::map: a lazy single-pass range of the results, in the order of
/// the arguments. Dereferencing an iterator blocks until the element's chunk is complete, and
/// throws what a call of the chunk threw. Destroying the range cancels the chunks that are still
/// pending.
///
/// Example:
///     inline const Entry square("ChunkResults.square", [](int x) { return x * x; });
///     ProcessPoolExecutor executor(2);
///     for (const int x : executor.map(square, std::vector{1, 2, 3})) use(x);
template <class R>
class ChunkResults {
 public:
  using Chunks = futures::MapResults<std::vector<Returned<R>>>;

  /// A range of `count` results: `size` in each chunk, except the last, which may have fewer.
  ChunkResults(Chunks chunks, std::size_t size, std::size_t count)
      : chunks_(std::move(chunks)), size_(size), count_(count) {}

  using Iterator = futures::ResultsIterator<ChunkResults, R>;
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend Iterator;

  bool is_at_end() const noexcept { return next_ == count_; }
  decltype(auto) current() {
    const auto& chunk = *chunks_.begin();
    if constexpr (!std::is_void_v<R>) return chunk[next_ % size_];
  }
  void advance() {
    if (++next_ % size_ == 0 || next_ == count_) ++chunks_.begin();
  }

  Chunks chunks_;
  const std::size_t size_;
  const std::size_t count_;
  std::size_t next_ = 0;
};

}  // namespace weft::multiprocessing
