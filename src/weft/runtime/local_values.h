#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "weft/platform/mutex.h"

namespace weft::runtime {

/// The values that one variable has in the threads that use it. A value ends with its thread, on
/// that thread, or with `clear`. C++'s own thread_local does not do: in WebAssembly it belongs to the
/// worker, which threads share one after the other.
///
/// Held by a std::shared_ptr: threads keep track of the variables they have a value of.
class LocalValues : public std::enable_shared_from_this<LocalValues> {
 public:
  using Value = std::unique_ptr<void, void (*)(void*)>;

  LocalValues() noexcept;
  LocalValues(const LocalValues&) = delete;
  LocalValues& operator=(const LocalValues&) = delete;

  /// The calling thread's value; null if it has none. Costs a look into a table of its own.
  void* find() const noexcept;
  /// Gives the calling thread a value, unless it has one; returns what it has then.
  void* add(Value value);
  /// Ends all threads' values, on the calling thread.
  void clear() noexcept;

 private:
  friend struct LocalTable;

  const std::uint64_t key_;  // of no other variable, before or after
  platform::Mutex mutex_;
  std::unordered_map<std::uint64_t, Value> values_;  // guarded by mutex_; by runtime::identity
};

/// Ends all values of the calling thread, which is about to end.
void end_local_values() noexcept;

}  // namespace weft::runtime
