#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "demos/kit/params.h"
#include "demos/kit/random.h"
#include "demos/kit/time.h"

/// What the demos share in which producers make items, numbered from 0, and consumers use them up.
namespace weft::demos {

/// Beyond this, a line for each item would hide what there is to see.
constexpr std::int64_t kMostItemsPrinted = 500;

/// How long one thread takes for each item.
class Pace {
 public:
  /// Producer or consumer number `i`, from 0; from the parameters produce_ms or consume_ms, spread and seed.
  static Pace of_producer(const Params& params, std::int64_t i) {
    return Pace("produce", params, params.real("produce_ms"),
                2 * static_cast<std::uint64_t>(i) + 2);
  }
  static Pace of_consumer(const Params& params, std::int64_t i) {
    return Pace("consume", params, params.real("consume_ms"),
                2 * static_cast<std::uint64_t>(i) + 1);
  }

  void take_one() { do_ms(work_, random_.spread(mean_ms_, spread_percent_)); }

 private:
  Pace(std::string_view work, const Params& params, double mean_ms, std::uint64_t stream)
      : work_(work),
        mean_ms_(mean_ms),
        spread_percent_(params.real("spread")),
        random_(static_cast<std::uint64_t>(params.integer("seed")) * 2 + stream * 1000) {}

  std::string_view work_;  // a literal
  double mean_ms_;
  double spread_percent_;
  Random random_;
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
