#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// Becomes ready when a process has ended. Copyable.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Process.sentinel
///
/// Example:
///     inline const Entry idle("Sentinel.idle", [] {});
///     Process process(idle);
///     process.start();
///     const Sentinel end = process.sentinel();
///     wait({end});
///     end.ready();   // true
struct Sentinel {
  std::uint32_t slot = 0;
  std::uint32_t number = 0;  ///< the process's number in the run

  /// True once the process has ended. Does not block.
  bool ready() const noexcept;
};

/// A non-owning reference to something wait() can wait for: a Sentinel, a Connection, or any object
/// that has ready() and calls announce_ready() after that became true. The object must outlive the
/// Waitable.
class Waitable {
 public:
  template <class T>
  Waitable(const T& thing) noexcept  // NOLINT(google-explicit-constructor): wait({a, b})
      : thing_(&thing),
        ready_([](const void* raw) { return static_cast<const T*>(raw)->ready(); }) {}

  bool ready() const { return ready_(thing_); }

 private:
  const void* thing_;
  bool (*ready_)(const void*);
};

/// Blocks until at least one of the objects is ready or `timeout` has elapsed; a negative timeout
/// polls. Returns the indices of all that are ready, ascending; none after a timeout. Throws
/// Stopped.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.connection.wait
///
/// Example:
///     inline const Entry answer("wait.answer", [](Connection to) { to.send(42); });
///     auto [reader, writer] = Pipe(false);
///     Process process(answer, writer);
///     process.start();
///     const Sentinel end = process.sentinel();
///     for (const std::size_t i : wait({reader, end}, 10s)) use(i == 0 ? "answers" : "ended");
std::vector<std::size_t> wait(std::span<const Waitable> things,
                              runtime::Timeout timeout = std::nullopt,
                              runtime::Where where = runtime::Where::current());
std::vector<std::size_t> wait(std::initializer_list<Waitable> things,
                              runtime::Timeout timeout = std::nullopt,
                              runtime::Where where = runtime::Where::current());

}  // namespace weft::multiprocessing
