#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "weft/multiprocessing/async_result.h"
#include "weft/platform/mutex.h"

namespace weft::multiprocessing {

/// The shared state of an imap() call: results are consumed one by one, in call order or in order
/// of completion.
template <class R>
class StreamJob final : public PoolJob {
 public:
  using Result = std::variant<std::monostate, Returned<R>, std::exception_ptr>;

  StreamJob(std::size_t size, std::size_t chunk, bool ordered)
      : size_(size), chunk_(chunk), ordered_(ordered) {}

  bool succeed(std::uint32_t index, std::uint32_t calls, pool_protocol::Reader& results) override {
    for (std::uint32_t i = 0; i < calls; ++i) {
      Result result;
      try {
        result.template emplace<1>(read_returned<R>(results));
      } catch (...) {
        result.template emplace<2>(std::current_exception());
      }
      add(index * chunk_ + i, std::move(result));
    }
    return notify();
  }
  bool fail(std::uint32_t index, std::uint32_t, std::exception_ptr error) override {
    // A failed task fails all of its calls.
    const std::size_t end = std::min(size_, (index + 1) * chunk_);
    for (std::size_t i = index * chunk_; i < end; ++i) {
      Result result;
      result.template emplace<2>(error);
      add(i, std::move(result));
    }
    return notify();
  }
  void fail_all(const std::exception_ptr& error) noexcept override {
    {
      const std::lock_guard guard(mutex_);
      ended_ = error;
    }
    notify();
  }

  /// Blocks for the next result; returns nothing at the end. Throws TimeoutError.
  std::optional<Result> next(const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    for (;;) {
      const std::uint32_t seen = notifications_.load();
      {
        const std::lock_guard guard(mutex_);
        if (taken_ == size_) return std::nullopt;
        const auto first = results_.begin();
        if (first != results_.end() && (!ordered_ || first->first == taken_)) {
          Result result = std::move(first->second);
          results_.erase(first);
          ++taken_;
          return result;
        }
        if (ended_) {
          taken_ = size_;
          return Result(std::in_place_index<2>, ended_);
        }
      }
      if (!in_time) throw TimeoutError("timed out waiting for the next result");
      in_time = runtime::park(notifications_, seen, deadline,
                              {trace::Reason::pool, nullptr, where, true});
    }
  }

 private:
  void add(std::size_t index, Result result) {
    const std::lock_guard guard(mutex_);
    results_.emplace(ordered_ ? index : added_, std::move(result));
    ++added_;
  }
  bool notify() {
    notifications_.fetch_add(1);
    runtime::wake(notifications_);
    const std::lock_guard guard(mutex_);
    return added_ == size_;
  }

  const std::size_t size_;
  const std::size_t chunk_;
  const bool ordered_;
  platform::Mutex mutex_;
  std::map<std::size_t, Result> results_;  // guarded by mutex_, as are the next three
  std::size_t added_ = 0;
  std::size_t taken_ = 0;
  std::exception_ptr ended_;
  std::atomic<std::uint32_t> notifications_{0};
};

/// The results of imap() or imap_unordered(): a single-pass range. Copies share its position: each
/// result is returned once.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.Pool.imap
///
/// Example:
///     int sum = 0;
///     for (const int value : pool.imap(square, numbers)) sum += value;
template <class R>
class ResultIterator {
 public:
  explicit ResultIterator(std::shared_ptr<StreamJob<R>> job) noexcept : job_(std::move(job)) {}

  /// Blocks until the next result is ready; returns nothing when there are no more. Rethrows what
  /// the function threw, after which later results can still be retrieved. Throws TimeoutError once
  /// `timeout` has elapsed.
  std::optional<Returned<R>> next(runtime::Timeout timeout = std::nullopt,
                                  runtime::Where where = runtime::Where::current()) {
    auto result = job_->next(runtime::deadline_after(timeout), where);
    if (!result) return std::nullopt;
    if (result->index() == 2) std::rethrow_exception(std::get<2>(*result));
    return std::get<1>(std::move(*result));
  }

  struct End {};
  class Cursor {
   public:
    explicit Cursor(ResultIterator& results) : results_(results), value_(results_.next()) {}
    Returned<R>& operator*() { return *value_; }
    Cursor& operator++() {
      value_ = results_.next();
      return *this;
    }
    bool operator!=(End) const noexcept { return value_.has_value(); }

   private:
    ResultIterator& results_;
    std::optional<Returned<R>> value_;
  };
  Cursor begin() { return Cursor(*this); }
  End end() noexcept { return {}; }

 private:
  std::shared_ptr<StreamJob<R>> job_;
};

}  // namespace weft::multiprocessing
