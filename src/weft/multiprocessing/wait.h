#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The end of a process, as something to wait for. To be copied freely.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Process.sentinel
struct Sentinel {
  std::uint32_t slot = 0;
  std::uint32_t number = 0;  ///< the process's in its run

  /// True once the process has ended.
  bool ready() const noexcept;
};

/// One of several things to wait for: a process's sentinel, or anything else that has ready() and calls
/// announce_ready() when that becomes true. It outlives the Waitable.
class Waitable {
 public:
  template <class T>
  Waitable(const T& thing) noexcept  // NOLINT(google-explicit-constructor): wait({a, b})
      : thing_(&thing), ready_([](const void* raw) { return static_cast<const T*>(raw)->ready(); }) {}

  bool ready() const { return ready_(thing_); }

 private:
  const void* thing_;
  bool (*ready_)(const void*);
};

/// Blocks until at least one of the things is ready or the time is up; a negative timeout only looks.
/// Returns which are, by their places in the list, in order; none if the time was up. Throws Stopped.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.connection.wait
std::vector<std::size_t> wait(std::span<const Waitable> things,
                              runtime::Timeout timeout = std::nullopt,
                              runtime::Where where = runtime::Where::current());
std::vector<std::size_t> wait(std::initializer_list<Waitable> things,
                              runtime::Timeout timeout = std::nullopt,
                              runtime::Where where = runtime::Where::current());

}  // namespace weft::multiprocessing
