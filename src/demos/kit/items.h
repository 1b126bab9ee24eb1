#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "demos/kit/random.h"
#include "demos/kit/time.h"

/// What the demos share in which producers make items, numbered from 0, and consumers use them up.
namespace weft::demos {

/// Beyond this, a line for each item would hide what there is to see.
constexpr std::int64_t kMostItemsPrinted = 500;

/// How long one thread takes for each item.
class Pace {
 public:
  Pace(std::string_view work, double mean_ms, double spread_percent, std::uint64_t seed)
      : work_(work), mean_ms_(mean_ms), spread_percent_(spread_percent), random_(seed) {}

  void take_one() { do_ms(work_, random_.spread(mean_ms_, spread_percent_)); }

 private:
  std::string_view work_;  // a literal
  double mean_ms_;
  double spread_percent_;
  Random random_;
};

/// The pace of each producer and consumer, of which both are numbered from 0.
struct Paces {
  double produce_ms;
  double consume_ms;
  double spread_percent;
  std::int64_t seed;

  Pace of_producer(std::int64_t i) const {
    return Pace("produce", produce_ms, spread_percent, seed_of(2 * i + 2));
  }
  Pace of_consumer(std::int64_t i) const {
    return Pace("consume", consume_ms, spread_percent, seed_of(2 * i + 1));
  }

  std::uint64_t seed_of(std::int64_t stream) const {
    return static_cast<std::uint64_t>(seed * 2 + stream * 1000);
  }
};

/// How often each of the items arrived.
class Arrivals {
 public:
  explicit Arrivals(std::int64_t total) : times_(static_cast<std::size_t>(total), 0) {}

  void add(std::int64_t item) { ++times_[static_cast<std::size_t>(item)]; }

  std::int64_t lost() const { return std::ranges::count(times_, 0); }
  std::int64_t repeated() const {
    return std::ranges::count_if(times_, [](int n) { return n > 1; });
  }
  bool each_exactly_once() const {
    return std::ranges::all_of(times_, [](int n) { return n == 1; });
  }

 private:
  std::vector<int> times_;
};

}  // namespace weft::demos
