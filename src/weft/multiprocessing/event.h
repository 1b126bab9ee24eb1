#pragma once

#include <memory>
#include <string>
#include <utility>

#include "weft/ipc/shared_object_view.h"
#include "weft/multiprocessing/archive.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// A flag that threads of all processes can wait for: a manual-reset event. A value with reference
/// semantics: copies, also those sent to another process, refer to the same event. It is allocated
/// in the shared memory at the first use or send, which throws RuntimeError if there is no room.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Event
///
/// Example:
///     inline const Entry wait_for("Event.wait_for", [](Event event) { event.wait(); });
///     Event ready;
///     Process process(wait_for, ready);
///     process.start();
///     ready.set();
class Event {
 public:
  using Options = ObjectOptions;

  explicit Event(Options options = {});
  explicit Event(Name auto name) : Event(Options{.name = std::move(name)}) {}

  /// May be stale on return.
  bool is_set() const;

  /// Sets the flag and wakes all waiters: their wait() returns true even if clear() follows at
  /// once. Happens before the return of each wait() that observes it. Does not block.
  void set();
  /// Clears the flag. Does not block.
  void clear();

  /// Blocks until the flag is set and returns true; returns false if `timeout` expired first. A
  /// timeout of 0 or less does not block. Throws Stopped if the run is stopped.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  friend bool operator==(const Event&, const Event&) noexcept = default;
  friend void serialise(Archive& archive, Event& event) {
    ipc::serialise_view(archive, event.state_, ipc::ObjectKind::event);
  }

 private:
  struct State : ipc::SharedObjectView {
    explicit State(ipc::ObjectHandle held)
        : SharedObjectView(std::move(held), trace::ObjectType::event) {}
  };

  std::shared_ptr<ipc::Lazy<State>> state_;
};

}  // namespace weft::multiprocessing
