#pragma once

#include <cstddef>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/platform/watched_mutex.h"
#include "weft/runtime/spin.h"
#include "weft/runtime/wait_list.h"

namespace weft::queue {

/// Where threads at one end of a queue wait for something to be done at the other end: first come,
/// first served, and one at a time. Whoever is woken lets the next one follow if there is something
/// for that one, too; so nobody is woken who finds nothing, and while one is on its way, which takes
/// long, those at the other end work on undisturbed.
///
/// Guarded by a mutex of the queue, but for `look`. While threads wait and none is on its way, the
/// other end is watched.
class Doorway {
 public:
  using Waiter = runtime::WaitList::Waiter;
  using Sleeper = runtime::WaitList::Sleeper;

  explicit Doorway(platform::WatchedMutex& other_end) noexcept : other_end_(other_end) {}

  /// True if nobody waits.
  bool empty() const noexcept { return waiters_.empty(); }

  /// Looks for a while whether something is there, without any mutex: returns whether it is.
  template <class Ready>
  bool look(Ready ready) noexcept {
    return spin_.until(ready);
  }

  /// As `look`, for `amount() != 0`. Then for a moment longer while there is more and more, up to
  /// `most`: whoever provides it does best undisturbed, and so does then the caller, while the lines of
  /// memory that both use travel once for many items.
  template <class Amount>
  void look_for_many(Amount amount, std::size_t most) noexcept {
    if (!look([&] { return amount() != 0; })) return;
    std::size_t before = 0;
    for (int i = 0; i < kLooks; ++i) {
      const std::size_t now = amount();
      if (now <= before || now >= most) return;
      before = now;
      for (int n = 0; n < kPauses; ++n) platform::cpu_pause();
    }
  }

  /// Adds a waiter, `first` if before the others. It has to look once more after that.
  void add(Waiter& waiter, bool first) noexcept {
    if (first) {
      waiters_.add_first(waiter);
    } else {
      waiters_.add(waiter);
    }
    if (!coming_) other_end_.watch();
  }

  /// The waiter is back; returns whether it was let through: then it has to let the next one follow
  /// after it has taken what is for itself.
  bool remove(Waiter& waiter) noexcept {
    const bool let_through = waiters_.remove(waiter);
    if (let_through) coming_ = false;
    if (!coming_ && !waiters_.empty()) other_end_.watch();
    return let_through;
  }

  /// If there is an `amount` for it: lets the first one through, unless there is one on its way. What
  /// it returns is to be woken once the mutex is free. `sequence`: of the record of what it waited for, 0 if
  /// it is not by one.
  Sleeper let_one_through(std::size_t amount, std::uint32_t sequence) noexcept {
    if (waiters_.empty() || coming_) {
      other_end_.unwatch();
      return nullptr;
    }
    if (amount == 0) return nullptr;
    coming_ = true;
    other_end_.unwatch();
    return waiters_.take_first(sequence);
  }

  void let_all_through(std::uint32_t sequence) noexcept {
    while (!waiters_.empty()) runtime::WaitList::wake(waiters_.take_first(sequence));
  }

 private:
  static constexpr int kPauses = 4;
  static constexpr int kLooks = 8;

  platform::WatchedMutex& other_end_;
  runtime::WaitList waiters_;
  bool coming_ = false;
  runtime::Spin spin_;
};

}  // namespace weft::queue
