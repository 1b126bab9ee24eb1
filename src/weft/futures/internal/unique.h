#pragma once

#include <iterator>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "weft/futures/future.h"

namespace weft::futures {

/// The futures of a range without duplicates, in order of first occurrence.
template <class Range>
auto unique(const Range& futures) {
  using Item = std::decay_t<decltype(*std::begin(futures))>;
  std::unordered_set<const State*> seen;
  std::vector<Item> all;
  for (const auto& future : futures) {
    if (seen.insert(future.state().get()).second) all.push_back(future);
  }
  return all;
}

}  // namespace weft::futures
