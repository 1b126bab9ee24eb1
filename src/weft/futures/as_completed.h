#pragma once

#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/internal/unique.h"
#include "weft/futures/internal/waiter.h"

namespace weft::futures {

/// The range that `as_completed` returns: the futures in order of completion. Single-pass.
template <class T>
class Completed {
 public:
  /// `futures` without duplicates.
  Completed(std::vector<Future<T>> futures, runtime::Deadline deadline, runtime::Where where)
      : total_(futures.size()),
        waiter_(std::make_unique<Waiter>()),
        deadline_(deadline),
        where_(where) {
    for (auto& future : futures) {
      State& state = *future.state();
      const auto place = pending_.emplace(&state, std::move(future)).first;
      if (waiter_->watch(state)) continue;
      done_.push_back(std::move(place->second));
      pending_.erase(place);
    }
  }
  Completed(Completed&&) noexcept = default;
  Completed& operator=(Completed&&) = delete;
  ~Completed() { waiter_.reset(); }  // unregisters from the futures, so before they are destroyed

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Future<T>;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(Completed& all) : all_(&all) {}

    /// Blocks until the next future is done. Throws TimeoutError if the deadline passes first.
    const Future<T>& operator*() const { return all_->current(); }
    Iterator& operator++() {
      all_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return all_->at_end(); }

   private:
    Completed* all_ = nullptr;
  };

  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  bool at_end() const noexcept { return done_.empty() && pending_.empty(); }

  const Future<T>& current() {
    if (done_.empty()) {
      if (!waiter_->wait(1, false, deadline_, where_)) {
        throw TimeoutError(std::to_string(pending_.size()) + " (of " + std::to_string(total_) +
                           ") futures unfinished");
      }
      while (State* state = waiter_->take()) {
        const auto place = pending_.find(state);
        done_.push_back(std::move(place->second));
        pending_.erase(place);
      }
    }
    return done_.front();
  }

  void advance() {
    current();
    done_.pop_front();
  }

  std::unordered_map<State*, Future<T>> pending_;  // not known to be done
  std::deque<Future<T>> done_;                     // done, not returned yet
  std::size_t total_;
  std::unique_ptr<Waiter> waiter_;
  runtime::Deadline deadline_;
  runtime::Where where_;
};

/// Returns a range of the futures, without duplicates, in order of completion; those already done
/// come first. Dereferencing blocks until the next one is done; it throws TimeoutError if
/// `timeout`, which runs from this call, expires first.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.as_completed
///
/// Example:
///     ThreadPoolExecutor pool(2);
///     const std::vector futures{pool.submit([] { return 1; }), pool.submit([] { return 2; })};
///     for (const auto& future : as_completed(futures)) use(future.result());
template <class Range>
auto as_completed(const Range& futures, runtime::Timeout timeout = std::nullopt,
                  runtime::Where where = runtime::Where::current()) {
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  auto given = unique(futures);
  using Result = typename decltype(given)::value_type::Result;
  return Completed<Result>(std::move(given), deadline, where);
}

}  // namespace weft::futures
