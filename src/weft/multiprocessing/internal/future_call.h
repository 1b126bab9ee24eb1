#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/multiprocessing/async_result.h"
#include "weft/multiprocessing/internal/pool_task.h"
#include "weft/multiprocessing/internal/process_calls.h"

namespace weft::multiprocessing {

/// A call submitted to a ProcessPoolExecutor, with the future that it completes.
template <class T>
class FutureCall : public ProcessCall {
 public:
  const futures::Future<T>& future() const { return future_; }

  bool begin() override { return future_.set_running_or_notify_cancel(); }
  void cancel() override { future_.cancel(); }

 protected:
  void fail_with(const std::exception_ptr& error) noexcept override {
    future_.set_exception(error);
  }

  futures::Future<T> future_;
};

/// The task of submit(): one call of a function.
template <class F>
class SingleCall final : public FutureCall<typename Entry<F>::Result> {
 public:
  using R = typename Entry<F>::Result;

  template <class... Given>
  explicit SingleCall(const Entry<F>& function, Given&&... given)
      : function_(function), arguments_(std::forward<Given>(given)...) {}

  void send(PoolCore::Sending& sending) override {
    send_task(sending, 0, function_, 1, [this](std::size_t) { return arguments_; });
  }

 protected:
  void take_result(std::uint32_t, pool_protocol::Reader& results) override {
    if constexpr (std::is_void_v<R>) {
      this->future_.set_result();
    } else {
      this->future_.set_result(read_returned<R>(results));
    }
  }

 private:
  const Entry<F>& function_;
  const typename Entry<F>::Arguments arguments_;
};

/// The task of map(): a chunk of calls, sent to a worker as one message.
template <class F>
class ChunkCall final : public FutureCall<std::vector<Returned<typename Entry<F>::Result>>> {
 public:
  using Values = std::vector<Returned<typename Entry<F>::Result>>;
  using Chunk = std::vector<typename Entry<F>::Arguments>;

  ChunkCall(const Entry<F>& function, Chunk chunk)
      : function_(function), chunk_(std::move(chunk)) {}

  void send(PoolCore::Sending& sending) override {
    send_task(sending, 0, function_, chunk_.size(), [this](std::size_t i) { return chunk_[i]; });
  }

 protected:
  void take_result(std::uint32_t calls, pool_protocol::Reader& results) override {
    Values values;
    values.reserve(calls);
    for (std::uint32_t i = 0; i < calls; ++i) {
      values.push_back(read_returned<typename Entry<F>::Result>(results));
    }
    this->future_.set_result(std::move(values));
  }

 private:
  const Entry<F>& function_;
  const Chunk chunk_;
};

}  // namespace weft::multiprocessing
