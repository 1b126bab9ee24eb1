#pragma once

#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "weft/futures/future.h"
#include "weft/futures/internal/map_results.h"
#include "weft/futures/internal/results_iterator.h"

namespace weft::futures {

/// The range that ThreadPoolExecutor::map with MapOptions returns: the results in order of the
/// items. Single-pass. Unlike MapResults it submits the tasks as it goes, and holds as many futures
/// as are in flight.
///
/// Dereferencing an iterator blocks until that result is available, then submits the next task; it
/// returns a reference that is valid until the iterator advances, or, for a move-only type, moves
/// the result out. Advancing an iterator that was not dereferenced does the same first. The
/// destructor cancels the tasks that have not begun.
template <class T>
class BufferedResults {
 public:
  /// Where the tasks come from.
  class Source {
   public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    /// Submits the next task; returns nothing if there is none.
    virtual std::optional<Future<T>> submit_next() = 0;
  };

  /// Submits `most` tasks, or all if there are fewer.
  BufferedResults(std::unique_ptr<Source> source, std::size_t most, runtime::Deadline deadline,
                  runtime::Where where)
      : source_(std::move(source)), deadline_(deadline), where_(where) {
    while (source_ != nullptr && futures_.size() < most) submit_next();
  }
  BufferedResults(BufferedResults&&) noexcept = default;
  BufferedResults& operator=(BufferedResults&&) = delete;
  ~BufferedResults() {
    for (const Future<T>& future : futures_) future.state()->cancel_now();
  }

  using Iterator = ResultsIterator<BufferedResults, T>;
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend Iterator;

  // If that fails, there are no further tasks, and the results of those submitted remain.
  void submit_next() {
    std::unique_ptr<Source> source = std::move(source_);
    if (std::optional<Future<T>> next = source->submit_next()) {
      futures_.push_back(std::move(*next));
      source_ = std::move(source);
    }
  }

  // Waits for the first result. The next task is submitted then, not when the result has been
  // processed: the workers have something to do meanwhile.
  void wait_for_first() {
    if (has_first_) return;
    futures_.front().state()->wait(deadline_, where_);
    has_first_ = true;
    if (source_ != nullptr) submit_next();
  }

  bool is_at_end() const noexcept { return futures_.empty(); }
  decltype(auto) current() {
    wait_for_first();
    return take_result(futures_.front());
  }

  void advance() {
    wait_for_first();
    futures_.pop_front();
    has_first_ = false;
  }

  std::unique_ptr<Source> source_;  // null once it has no more tasks
  std::deque<Future<T>> futures_;   // submitted and not taken
  bool has_first_ = false;          // the first is done, and the task behind it is submitted
  runtime::Deadline deadline_;
  runtime::Where where_;
};

}  // namespace weft::futures
