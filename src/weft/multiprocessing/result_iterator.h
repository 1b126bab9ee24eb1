#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <variant>
#include <vector>

#include "weft/futures/internal/zipped.h"
#include "weft/multiprocessing/async_result.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/stopped.h"
#include "weft/threading/lock.h"

namespace weft::multiprocessing {

/// The shared state of the results of an imap() call: they are consumed one by one, in call order or
/// in order of completion. With a source, calls are sent as results are consumed.
template <class R>
class ResultStream : public std::enable_shared_from_this<ResultStream<R>> {
 public:
  using Result = std::variant<std::monostate, Returned<R>, std::exception_ptr>;
  static constexpr std::size_t kUnknown = std::numeric_limits<std::size_t>::max();

  /// Sends the calls of a stream, some at a time. Used by one thread at a time.
  class Source {
   public:
    virtual ~Source() = default;
    /// Sends the next calls, whose results are to be added from index `first` on, and returns how
    /// many; 0 if there are no more.
    virtual std::size_t send_next(const std::shared_ptr<ResultStream>& stream,
                                  std::size_t first) = 0;
  };

  ResultStream(std::size_t size, bool ordered) : ordered_(ordered), size_(size) {}
  virtual ~ResultStream() = default;
  ResultStream(const ResultStream&) = delete;
  ResultStream& operator=(const ResultStream&) = delete;

  /// To be called at first: sends calls, and more whenever results were consumed, `step` at a time,
  /// as long as at most `most` are sent and not consumed.
  void start(std::unique_ptr<Source> source, std::size_t step, std::size_t most) {
    source_ = std::move(source);
    step_ = step;
    most_ = most;
    feed();
  }

  void add(std::size_t index, Result result) {
    const platform::LockGuard guard(mutex_);
    results_.emplace(ordered_ ? index : added_, std::move(result));
    ++added_;
  }
  void add_failure(std::size_t index, std::exception_ptr error) {
    Result result;
    result.template emplace<2>(std::move(error));
    add(index, std::move(result));
  }
  /// To be called after add(). Returns true if that was the last result.
  bool notify() noexcept {
    notifications_.fetch_add(1);
    runtime::wake(notifications_);
    const platform::LockGuard guard(mutex_);
    return added_ == size_;
  }
  /// No further result will come.
  void end(const std::exception_ptr& error) noexcept {
    {
      const platform::LockGuard guard(mutex_);
      ended_ = error;
    }
    notify();
  }

  /// Blocks for the next result; returns nothing at the end. Throws TimeoutError.
  std::optional<Result> next(const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    for (;;) {
      const std::uint32_t seen = notifications_.load();
      feed();
      if (auto result = take()) {
        // Another thread may wait for room to send more.
        if (source_ != nullptr) notify();
        if (result->index() == 0) return std::nullopt;
        return result;
      }
      if (!in_time) throw TimeoutError("timed out waiting for the next result");
      in_time = runtime::park(notifications_, seen, deadline,
                              {trace::Reason::pool, nullptr, where, true});
    }
  }

 private:
  // Nothing if it is not there yet, a monostate at the end.
  std::optional<Result> take() {
    const platform::LockGuard guard(mutex_);
    if (taken_ == size_) return Result();
    const auto first = results_.begin();
    if (first != results_.end() && (!ordered_ || first->first == taken_)) {
      Result result = std::move(first->second);
      results_.erase(first);
      ++taken_;
      return result;
    }
    if (!ended_) return std::nullopt;
    taken_ = size_;
    return Result(std::in_place_index<2>, ended_);
  }

  // Sends more calls, unless another thread does already.
  void feed() {
    if (source_ == nullptr || !feeding_.acquire(false)) return;
    const struct Release {
      threading::Lock& lock;
      ~Release() { lock.release(); }
    } release{feeding_};
    while (has_room()) send_next();
  }

  bool has_room() {
    const platform::LockGuard guard(mutex_);
    return size_ == kUnknown && !ended_ && sent_ - taken_ + step_ <= most_;
  }

  // What the items throw, or the pool, comes in the place of the first call that was not sent.
  void send_next() {
    std::size_t calls = 0;
    std::exception_ptr failure;
    try {
      calls = source_->send_next(this->shared_from_this(), sent_);
    } catch (const runtime::Stopped&) {
      throw;
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) add_failure(sent_, failure);
    {
      const platform::LockGuard guard(mutex_);
      sent_ += failure ? 1 : calls;
      if (calls == 0) size_ = sent_;
    }
    if (calls == 0) notify();
  }

  const bool ordered_;
  std::unique_ptr<Source> source_;
  std::size_t step_ = 1;
  std::size_t most_ = 0;
  threading::Lock feeding_{{.name = "imap", .recorded = Recorded::no}};  // while calls are sent
  platform::Mutex mutex_;
  std::size_t size_ WEFT_GUARDED_BY(mutex_);
  std::map<std::size_t, Result> results_ WEFT_GUARDED_BY(mutex_);
  // Changed with mutex_ held, by the thread that feeds only, which reads it without.
  std::size_t sent_ = 0;
  std::size_t added_ WEFT_GUARDED_BY(mutex_) = 0;
  std::size_t taken_ WEFT_GUARDED_BY(mutex_) = 0;
  std::exception_ptr ended_ WEFT_GUARDED_BY(mutex_);
  std::atomic<std::uint32_t> notifications_{0};
};

/// A source that reads a range, `step` items at a time, and passes them to
/// `send(stream, first, items)`. An lvalue range has to outlive it, an rvalue is kept.
template <class R, class Items, class Send>
class ItemSource final : public ResultStream<R>::Source {
 public:
  using Item = std::ranges::range_value_t<std::views::all_t<Items>>;

  ItemSource(Items&& items, std::size_t step, Send send)
      : items_(std::forward<Items>(items)), step_(step), send_(std::move(send)) {}

  std::size_t send_next(const std::shared_ptr<ResultStream<R>>& stream,
                        std::size_t first) override {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    std::vector<Item> items;
    try {
      while (items.size() < step_ && items_.next()) {
        items_.pass_to([&items](Item item) { items.push_back(std::move(item)); });
      }
    } catch (...) {
      if (items.empty()) throw;
      failure_ = std::current_exception();  // those before it are sent
    }
    const std::size_t calls = items.size();
    if (calls != 0) send_(stream, first, std::move(items));
    return calls;
  }

 private:
  futures::Zipped<Items> items_;
  const std::size_t step_;
  Send send_;
  std::exception_ptr failure_;
};

/// Options of imap() and imap_unordered(), written as `{.buffersize = 8}`.
///
/// Example:
///     inline const Entry twice("ImapOptions.twice", [](int x) { return 2 * x; });
///     Pool pool(2);
///     for (const int x : pool.imap(twice, std::views::iota(0, 9), {.buffersize = 4})) use(x);
struct ImapOptions {
  std::size_t chunksize = 1;  ///< how many calls are sent at a time: at least 1
  /// The most calls that are sent and whose results have not been taken: at least 1. None: see
  /// imap().
  std::optional<std::int64_t> buffersize = std::nullopt;
};

/// How many calls of an imap() over a range that is read lazily are sent at a time, and at most.
struct StreamLimits {
  /// By default four tasks per worker. Throws ValueError.
  StreamLimits(const ImapOptions& options, std::uint32_t workers) : step(options.chunksize) {
    if (step < 1) throw ValueError("Chunksize must be 1+, not 0");
    most = 4 * std::size_t{workers} * step;
    if (!options.buffersize) return;
    if (*options.buffersize < 1) {
      throw ValueError("buffersize must be None or > 0, not " +
                       std::to_string(*options.buffersize));
    }
    most = static_cast<std::size_t>(*options.buffersize);
    step = std::min(step, most);
  }

  std::size_t step;
  std::size_t most;
};

/// The number of items of a range is known without iterating over it.
template <class Items>
concept SizedItems = requires(const Items& items) { std::size(items); };

/// The shared state of an imap() call whose items are sent at once.
template <class R>
class StreamJob final : public PoolJob, public ResultStream<R> {
 public:
  StreamJob(std::size_t size, std::size_t chunk, bool ordered)
      : ResultStream<R>(size, ordered), size_(size), chunk_(chunk) {}

  bool succeed(std::uint32_t index, std::uint32_t calls, pool_protocol::Reader& results) override {
    add_results(*this, index * chunk_, calls, results);
    return this->notify();
  }
  bool fail(std::uint32_t index, std::uint32_t, std::exception_ptr error) override {
    // A failed task fails all of its calls.
    const std::size_t end = std::min(size_, (index + 1) * chunk_);
    for (std::size_t i = index * chunk_; i < end; ++i) this->add_failure(i, error);
    return this->notify();
  }
  void fail_all(const std::exception_ptr& error) noexcept override { this->end(error); }

  /// Deserialises the results of a task.
  static void add_results(ResultStream<R>& stream, std::size_t first, std::uint32_t calls,
                          pool_protocol::Reader& results) {
    for (std::uint32_t i = 0; i < calls; ++i) {
      typename ResultStream<R>::Result result;
      try {
        result.template emplace<1>(read_returned<R>(results));
      } catch (...) {
        result.template emplace<2>(std::current_exception());
      }
      stream.add(first + i, std::move(result));
    }
  }

 private:
  const std::size_t size_;
  const std::size_t chunk_;
};

/// One task of an imap() call whose items are sent as results are consumed.
template <class R>
class StreamChunk final : public PoolJob {
 public:
  StreamChunk(std::shared_ptr<ResultStream<R>> stream, std::size_t first, std::size_t calls)
      : stream_(std::move(stream)), first_(first), calls_(calls) {}

  bool succeed(std::uint32_t, std::uint32_t calls, pool_protocol::Reader& results) override {
    StreamJob<R>::add_results(*stream_, first_, calls, results);
    stream_->notify();
    return true;
  }
  bool fail(std::uint32_t, std::uint32_t, std::exception_ptr error) override {
    for (std::size_t i = 0; i < calls_; ++i) stream_->add_failure(first_ + i, error);
    stream_->notify();
    return true;
  }
  void fail_all(const std::exception_ptr& error) noexcept override { stream_->end(error); }

 private:
  const std::shared_ptr<ResultStream<R>> stream_;
  const std::size_t first_;
  const std::size_t calls_;
};

/// The results of imap() or imap_unordered(): a single-pass range. Copies share its position: each
/// result is returned once.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.Pool.imap
///
/// Example:
///     inline const Entry square("ResultIterator.square", [](int x) { return x * x; });
///     Pool pool(2);
///     int sum = 0;
///     for (const int value : pool.imap(square, std::vector{1, 2, 3})) sum += value;
///     sum;   // 14
template <class R>
class ResultIterator {
 public:
  explicit ResultIterator(std::shared_ptr<ResultStream<R>> stream) noexcept
      : stream_(std::move(stream)) {}

  /// Blocks until the next result is ready; returns nothing when there are no more. Rethrows what
  /// the function threw, after which later results can still be retrieved. Throws TimeoutError once
  /// `timeout` has elapsed.
  std::optional<Returned<R>> next(runtime::Timeout timeout = std::nullopt,
                                  runtime::Where where = runtime::Where::current()) {
    auto result = stream_->next(runtime::deadline_after(timeout), where);
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
  std::shared_ptr<ResultStream<R>> stream_;
};

}  // namespace weft::multiprocessing
