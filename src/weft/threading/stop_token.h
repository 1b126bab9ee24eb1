#pragma once

#include <memory>

#include "weft/errors.h"
#include "weft/threading/event.h"

namespace weft::threading {

/// The receiving end of cooperative cancellation, as std::stop_token, which not every standard
/// library has: a thread's target takes a token, polls it where it can stop, and waits on it
/// instead of sleeping.
///
/// Ways for a thread to end:
///
/// | way        | how                                                | seen by others as    |
/// | ---------- | -------------------------------------------------- | -------------------- |
/// | return     | the target returns                                 | is_alive() false     |
/// | exception  | one leaves the target                              | excepthook is called |
/// | SystemExit | thrown at any depth                                | as return            |
/// | stop flag  | the target polls an Event that another thread sets | as return            |
/// | stop token | the target polls a StopToken, or calls             | as return            |
/// |            | throw_if_requested()                               |                      |
/// | daemon     | the run ends while the thread still runs           | not observable       |
///
/// Example:
///     StopSource source;
///     Thread worker([token = source.token()] {
///       while (!token.wait(1ms)) work();
///     });
///     worker.start();
///     source.request_stop();
class StopToken {
 public:
  /// A token without a source: a stop is never requested.
  StopToken() = default;

  bool stop_requested() const noexcept { return event_ != nullptr && event_->is_set(); }
  /// False if the token has no source.
  bool stop_possible() const noexcept { return event_ != nullptr; }

  /// Throws SystemExit if a stop was requested, which unwinds and ends the calling thread.
  void throw_if_requested() const {
    if (stop_requested()) throw SystemExit();
  }

  /// Blocks until a stop is requested and returns true; returns false if `timeout` expires first.
  /// Throws RuntimeError if there is neither a source nor a timeout: it would block for ever.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;

 private:
  friend class StopSource;
  explicit StopToken(std::shared_ptr<Event> event) noexcept : event_(std::move(event)) {}

  std::shared_ptr<Event> event_;
};

/// The requesting end of cooperative cancellation, as std::stop_source. Copies share one stop
/// state. All members are thread-safe. Example: see StopToken.
///
/// Example:
///     StopSource source;
///     const StopToken token = source.token();
///     source.request_stop();
///     token.stop_requested();   // true
class StopSource {
 public:
  StopSource() : event_(std::make_shared<Event>()) {}
  // Without move operations, a move is a copy: a source always has an event.
  StopSource(const StopSource&) = default;
  StopSource& operator=(const StopSource&) = default;

  StopToken token() const noexcept { return StopToken(event_); }

  /// Requests a stop from all holders of a token and wakes those that wait on it. Cannot be undone.
  void request_stop() { event_->set(); }
  bool stop_requested() const noexcept { return event_->is_set(); }

 private:
  std::shared_ptr<Event> event_;
};

}  // namespace weft::threading
