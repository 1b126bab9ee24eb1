#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/view.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// A flag that threads of all processes wait for. Copies are the same event, and so is what another process
/// receives when one is sent to it. It is made when it is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Event
class Event {
 public:
  explicit Event(std::string_view name = {});

  bool is_set() const;

  /// Sets the flag and wakes everybody. Those who wait return true even if it is cleared at once.
  void set();
  void clear();

  /// Blocks until the flag is set; returns false if `timeout` passed first. A negative timeout only looks.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  friend bool operator==(const Event&, const Event&) noexcept = default;
  friend void serialise(Archive& archive, Event& event) {
    serialise_view(archive, event.state_, ObjectKind::event);
  }

 private:
  struct State : View {
    explicit State(Hold held) : View(std::move(held), trace::ObjectType::event) {}
  };

  std::shared_ptr<Lazy<State>> state_;
};

}  // namespace weft::multiprocessing
