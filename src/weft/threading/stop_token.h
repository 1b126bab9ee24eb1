#pragma once

#include <memory>

#include "weft/errors.h"
#include "weft/threading/event.h"

namespace weft::threading {

/// The side of a cooperative stop that is asked to end: a thread's target takes one, looks at it at
/// places of its own choosing, and waits on it instead of sleeping. As std::stop_token, which not
/// every standard library has; and one can wait for it.
///
/// Ways for a thread to end:
///
/// | way        | how                                                      | seen by others as      |
/// | ---------- | -------------------------------------------------------- | ---------------------- |
/// | return     | the target returns                                       | is_alive() false       |
/// | exception  | one leaves the target                                    | excepthook is called   |
/// | SystemExit | thrown at any depth                                      | as return              |
/// | stop flag  | the target looks at an Event that somebody sets          | as return              |
/// | stop token | the target looks at a StopToken, or calls                | as return              |
/// |            | throw_if_requested()                                     |                        |
/// | daemon     | the run ends while the thread goes on                    | nobody is left to see  |
class StopToken {
 public:
  /// A token of no source: a stop is never requested.
  StopToken() = default;

  bool stop_requested() const noexcept { return event_ != nullptr && event_->is_set(); }
  /// False if no stop can be requested: the token has no source.
  bool stop_possible() const noexcept { return event_ != nullptr; }

  /// Ends the calling thread, from whatever depth, if a stop was requested: throws SystemExit.
  void throw_if_requested() const {
    if (stop_requested()) throw SystemExit();
  }

  /// Blocks until a stop is requested: true; or until `timeout` has passed: false. Throws
  /// RuntimeError if that would be for ever, as there is neither a source nor a timeout.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;

 private:
  friend class StopSource;
  explicit StopToken(std::shared_ptr<Event> event) noexcept : event_(std::move(event)) {}

  std::shared_ptr<Event> event_;
};

/// The side of a cooperative stop that asks. Copies ask for the same stop. Every call is safe from
/// every thread.
class StopSource {
 public:
  StopSource() : event_(std::make_shared<Event>()) {}
  // No moves: there is no source without an event.
  StopSource(const StopSource&) = default;
  StopSource& operator=(const StopSource&) = default;

  StopToken token() const noexcept { return StopToken(event_); }

  /// Asks everybody who has a token to end, and wakes those who wait on it. Never undone.
  void request_stop() { event_->set(); }
  bool stop_requested() const noexcept { return event_->is_set(); }

 private:
  std::shared_ptr<Event> event_;
};

}  // namespace weft::threading
