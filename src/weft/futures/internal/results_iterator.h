#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>

namespace weft::futures {

/// The input iterator of a single-pass range of results. `Results` makes it a friend and has
/// current(), advance() and is_at_end().
template <class Results, class T>
class ResultsIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::remove_cvref_t<T>;
  using difference_type = std::ptrdiff_t;

  ResultsIterator() = default;
  explicit ResultsIterator(Results& results) : results_(&results) {}

  decltype(auto) operator*() const { return results_->current(); }
  ResultsIterator& operator++() {
    results_->advance();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const noexcept { return results_->is_at_end(); }

 private:
  Results* results_ = nullptr;
};

}  // namespace weft::futures
