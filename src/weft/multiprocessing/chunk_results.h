#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/map_results.h"
#include "weft/multiprocessing/async_result.h"

namespace weft::multiprocessing {

/// What ProcessPoolExecutor::map returns: the results in order, of which each is waited for when it is asked
/// for. To be iterated over once. Destroying it cancels the chunks of which nothing has begun.
template <class R>
class ChunkResults {
 public:
  using Chunks = futures::MapResults<std::vector<Returned<R>>>;

  /// Of `count` results, with `size` in each chunk but the last.
  ChunkResults(Chunks chunks, std::size_t size, std::size_t count)
      : chunks_(std::move(chunks)), size_(size), count_(count) {}

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = R;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(ChunkResults& results) : results_(&results) {}

    decltype(auto) operator*() const { return results_->current(); }
    Iterator& operator++() {
      results_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept {
      return results_->next_ == results_->count_;
    }

   private:
    ChunkResults* results_ = nullptr;
  };

  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
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
