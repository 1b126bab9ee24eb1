#include "demos/dining-philosophers/table.h"

#include <utility>

#include "demos/kit/number.h"
#include "demos/kit/time.h"

namespace weft::demos::dining_philosophers {

Table::Table(const Options& options)
    : strategy_(options.strategy),
      timeout_ms_(options.timeout_ms),
      waiter_(options.seats - 1, "waiter"),
      met_(static_cast<std::size_t>(options.seats), false),
      portions_(options.portions) {
  for (std::int64_t i = 0; i < options.seats; ++i) forks_.emplace_back("fork-" + to_text(i + 1));
  if (strategy_ == "naive" && options.meet) {
    all_hold_one_ = std::make_unique<threading::Barrier>(static_cast<std::int32_t>(options.seats),
                                                         "all hold one");
  }
}

void Table::take_forks(std::size_t seat, Random& random) {
  if (strategy_ == "ordered") {
    take_in_order(seat);
  } else if (strategy_ == "waiter") {
    ask_waiter(seat);
  } else if (strategy_ == "timeout") {
    try_again_and_again(seat, random);
  } else {
    take_naively(seat);
  }
}

void Table::put_forks_down(std::size_t seat) {
  right_of(seat).release();
  left_of(seat).release();
  if (strategy_ == "waiter") waiter_.release();
}

void Table::take_naively(std::size_t seat) {
  left_of(seat).acquire();
  if (all_hold_one_ != nullptr && !std::exchange(met_[seat], true)) all_hold_one_->wait();
  right_of(seat).acquire();
}

// The fork with the smaller number first: only the last philosopher begins at the right.
void Table::take_in_order(std::size_t seat) {
  const bool last = seat + 1 == forks_.size();
  (last ? right_of(seat) : left_of(seat)).acquire();
  (last ? left_of(seat) : right_of(seat)).acquire();
}

// As long as one keeps away from the table, somebody gets both forks.
void Table::ask_waiter(std::size_t seat) {
  waiter_.acquire();
  left_of(seat).acquire();
  right_of(seat).acquire();
}

void Table::try_again_and_again(std::size_t seat, Random& random) {
  for (;;) {
    left_of(seat).acquire();
    if (right_of(seat).acquire(true, milliseconds(timeout_ms_))) return;
    left_of(seat).release();
    ++retries_;
    // At random, else all would come back at the same moment.
    wait_ms("pause", random.spread(timeout_ms_, 100));
  }
}

bool Table::take_portion() noexcept {
  if (portions_.fetch_sub(1) <= 0) return false;
  ++eaten_;
  return true;
}

}  // namespace weft::demos::dining_philosophers
