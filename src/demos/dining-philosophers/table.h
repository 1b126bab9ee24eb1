#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "demos/kit/random.h"
#include "weft/threading/barrier.h"
#include "weft/threading/lock.h"
#include "weft/threading/semaphore.h"

namespace weft::demos::dining_philosophers {

/// The round table: a fork between each two seats, one pot for all, and the house's rule of how to
/// take the forks. Seats are numbered from 0; the fork at a seat's left has the seat's number.
class Table {
 public:
  struct Options {
    std::int64_t seats;
    std::int64_t portions;
    std::string strategy;
    double timeout_ms;
    bool meet;  // at the first meal, with the naive strategy
  };
  explicit Table(const Options& options);
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  /// Blocks until the philosopher holds both forks. `random` is that philosopher's own.
  void take_forks(std::size_t seat, Random& random);
  void put_forks_down(std::size_t seat);

  /// Takes a portion; false if the pot is empty. Only for those who hold both forks.
  bool take_portion() noexcept;

  std::size_t seats() const noexcept { return forks_.size(); }
  std::int64_t eaten() const noexcept { return eaten_.load(); }
  std::int64_t retries() const noexcept { return retries_.load(); }

 private:
  threading::Lock& left_of(std::size_t seat) { return forks_[seat]; }
  threading::Lock& right_of(std::size_t seat) { return forks_[(seat + 1) % forks_.size()]; }

  void take_naively(std::size_t seat);
  void take_in_order(std::size_t seat);
  void ask_waiter(std::size_t seat);
  void try_again_and_again(std::size_t seat, Random& random);

  const std::string strategy_;
  const double timeout_ms_;
  std::deque<threading::Lock> forks_;
  threading::Semaphore waiter_;  // lets all but one reach for forks
  // Everybody's first left fork is taken before anybody's right one.
  std::unique_ptr<threading::Barrier> all_hold_one_;
  std::deque<bool> met_;  // by seat; each philosopher's own
  std::atomic<std::int64_t> portions_;
  std::atomic<std::int64_t> eaten_{0};
  std::atomic<std::int64_t> retries_{0};
};

}  // namespace weft::demos::dining_philosophers
