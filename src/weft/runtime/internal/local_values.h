#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "weft/platform/mutex.h"

namespace weft::runtime {

/// The values of one thread-local variable. A value is destroyed with its thread, on that thread,
/// or by `clear`. C++'s thread_local is no substitute: in WebAssembly it belongs to the web worker,
/// on which threads run one after another.
///
/// Held by a std::shared_ptr: threads keep a weak reference to each variable that they have a value
/// of.
class LocalValues : public std::enable_shared_from_this<LocalValues> {
 public:
  using Value = std::unique_ptr<void, void (*)(void*)>;

  LocalValues() noexcept;
  LocalValues(const LocalValues&) = delete;
  LocalValues& operator=(const LocalValues&) = delete;

  /// The calling thread's value; null if it has none. One lookup in a hash table of the thread's
  /// own.
  void* find() const noexcept;
  /// Sets the calling thread's value unless it has one; returns its value.
  void* add(Value value);
  /// Destroys all threads' values, on the calling thread.
  void clear() noexcept;

 private:
  friend struct LocalTable;

  const std::uint64_t key_;  // never reused by another variable
  platform::Mutex mutex_;
  std::unordered_map<std::uint64_t, Value> values_ WEFT_GUARDED_BY(mutex_);  // key: identity
};

/// Destroys all values of the calling thread, which is about to end.
void end_local_values() noexcept;

}  // namespace weft::runtime
