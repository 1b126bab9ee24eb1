#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"

namespace weft {

/// A variable that threads share without synchronization, like any variable of a Python program:
/// each load and each store is atomic and a scheduling point; nothing else is guaranteed. `x += 1`
/// is a load followed by a store, so a store by another thread in between is lost (lost update).
///
/// A race on it shows in the trace and is not undefined behaviour. Accesses are relaxed: they
/// establish no happens-before; use a Lock, an Event or a Queue for that. An access blocks only
/// under a GIL, until it is the thread's turn; it throws Stopped if the run was stopped.
/// Python: https://docs.python.org/3/faq/library.html#what-kinds-of-global-value-mutation-are-thread-safe
///
/// Example:
///     Shared<int> counter(0, "counter");
///     counter += 1;                        // loses updates if several threads do it
template <class T>
class Shared {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8 &&
                    std::atomic<T>::is_always_lock_free,
                "a Shared is loaded and stored in one piece");

 public:
  using Options = ObjectOptions;

  explicit Shared(T value = T(), Options options = {})
      : value_(value), object_(trace::ObjectType::shared, std::move(options)) {}
  Shared(T value, Name auto name) : Shared(value, Options{.name = std::move(name)}) {}
  Shared(const Shared&) = delete;

  T load() const {
    runtime::point(trace::Kind::shared_load, object_);
    if (!object_.recorded() || !runtime::traced()) return value_.load(std::memory_order_relaxed);
    const platform::LockGuard guard(mutex_);
    const T value = value_.load(std::memory_order_relaxed);
    runtime::record(trace::Kind::shared_load, object_, bytes_of(value));
    return value;
  }

  void store(T value) {
    runtime::point(trace::Kind::shared_store, object_);
    if (!object_.recorded() || !runtime::traced()) {
      value_.store(value, std::memory_order_relaxed);
      return;
    }
    const platform::LockGuard guard(mutex_);
    value_.store(value, std::memory_order_relaxed);
    runtime::record(trace::Kind::shared_store, object_, bytes_of(value));
  }

  operator T() const { return load(); }  // NOLINT(google-explicit-constructor): it is a variable
  Shared& operator=(T value) {
    store(value);
    return *this;
  }
  Shared& operator=(const Shared& other) { return *this = other.load(); }

  // A load, then a store: not atomic as a whole.
  Shared& operator+=(T change) { return *this = static_cast<T>(load() + change); }
  Shared& operator-=(T change) { return *this = static_cast<T>(load() - change); }
  Shared& operator++() { return *this += T(1); }
  Shared& operator--() { return *this -= T(1); }

  runtime::Object& object() noexcept { return object_; }

 private:
  static std::uint64_t bytes_of(T value) noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, &value, sizeof value);
    return bytes;
  }

  std::atomic<T> value_;
  // Makes an access and its record atomic, so that sequence numbers give the modification order.
  // Not used unless the access is recorded.
  mutable platform::Mutex mutex_;
  mutable runtime::Object object_{trace::ObjectType::shared};
};

}  // namespace weft
