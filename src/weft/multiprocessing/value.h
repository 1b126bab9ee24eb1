#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/internal/cells.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/threading/guard.h"

namespace weft::multiprocessing {

/// Tag for a Value or an Array without a lock: Python's `lock=False`.
struct Lockless {};

/// The lock of a Value or an Array, if it has one. Implicitly an RLock or Lockless().
class OptionalLock {
 public:
  OptionalLock(RLock lock) : lock_(std::move(lock)) {}  // NOLINT(google-explicit-constructor)
  OptionalLock(Lockless) {}                             // NOLINT(google-explicit-constructor)

  /// Throws RuntimeError if there is none.
  RLock& get() {
    if (!lock_) throw RuntimeError("it has no lock");
    return *lock_;
  }

  /// Calls the function, holding the lock if there is one.
  template <class F>
  void with(F function) {
    if (lock_) {
      const threading::Guard guard(*lock_);
      function();
    } else {
      function();
    }
  }

  friend bool operator==(const OptionalLock&, const OptionalLock&) noexcept = default;
  friend void serialise(Archive& archive, OptionalLock& lock) { archive(lock.lock_); }

 private:
  std::optional<RLock> lock_;
};

/// Options of a Value or an Array.
///
/// Example:
///     Value<int> counter(0, {.name = "counter", .lock = Lockless()});
///     counter.get_lock();   // throws RuntimeError
struct ValueOptions {
  std::string name = {};  ///< as in ObjectOptions, as is the next
  Recorded recorded = Recorded::yes;
  /// An RLock, which others may share; Lockless(): none. By default one of its own, which is
  /// recorded if the value is. Python: `lock`, and RawValue and RawArray.
  std::optional<OptionalLock> lock = std::nullopt;

  OptionalLock take_lock() {
    return lock ? std::move(*lock) : OptionalLock(RLock({.recorded = recorded}));
  }
  ObjectOptions take_shown() { return {std::move(name), recorded}; }
};

/// A value in shared memory. Copies refer to the same value, and so does the object received when
/// one is sent to another process. It is created lazily, when it is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Value
///
/// Each get() and each set() holds the value's lock, an RLock, unless it is Lockless. A get()
/// followed by a set() is not atomic: hold get_lock() across both. They throw AbandonedError if a
/// process died holding the lock.
///
/// Example:
///     Value<int> counter(0);
///     const threading::Guard guard(counter.get_lock());
///     counter.set(counter.get() + 1);
template <class T>
  requires std::is_trivially_copyable_v<T>
class Value {
 public:
  using Options = ValueOptions;

  explicit Value(T initial = T(), Options options = {})
      : cells_(std::make_shared<ipc::Lazy<Cells>>([initial, shown = options.take_shown()] {
          return Cells::make(&initial, sizeof initial, shown);
        })),
        lock_(options.take_lock()) {}
  Value(T initial, Name auto name) : Value(initial, Options{.name = std::move(name)}) {}

  /// Copy the value under the lock; block while another thread holds it.
  T get() const {
    T value;
    lock_.with([&] { (*cells_)->read(0, &value, sizeof value); });
    return value;
  }
  void set(const T& value) {
    lock_.with([&] { (*cells_)->write(0, &value, sizeof value); });
  }

  /// Throws RuntimeError if it is Lockless.
  RLock& get_lock() { return lock_.get(); }

  friend bool operator==(const Value&, const Value&) noexcept = default;
  friend void serialise(Archive& archive, Value& value) {
    ipc::serialise_view(archive, value.cells_, ipc::ObjectKind::value);
    archive(value.lock_);
    if ((*value.cells_)->size() != sizeof(T))
      throw SerialiseError("a Value of another type was sent");
  }

 private:
  std::shared_ptr<ipc::Lazy<Cells>> cells_;
  mutable OptionalLock lock_;
};

/// A fixed-size array of values in shared memory. Locking and lifetime are those of Value.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Array
///
/// Example:
///     Array<double> samples(100);
///     samples.set(0, 0.5);
///     const std::vector<double> snapshot = samples.get_all();
template <class T>
  requires std::is_trivially_copyable_v<T>
class Array {
 public:
  using Options = ValueOptions;

  /// `size` elements, value-initialised.
  explicit Array(std::size_t size = 0, Options options = {})
      : Array(std::vector<T>(size), std::move(options)) {}
  Array(std::size_t size, Name auto name) : Array(size, Options{.name = std::move(name)}) {}
  explicit Array(std::vector<T> initial, Options options = {})
      : cells_(std::make_shared<ipc::Lazy<Cells>>(
            [initial = std::move(initial), shown = options.take_shown()] {
              return Cells::make(initial.data(), initial.size() * sizeof(T), shown);
            })),
        lock_(options.take_lock()) {}
  Array(std::vector<T> initial, Name auto name)
      : Array(std::move(initial), Options{.name = std::move(name)}) {}

  std::size_t size() const { return (*cells_)->size() / sizeof(T); }

  /// Throws IndexError, as does set().
  T get(std::size_t index) const {
    check(index);
    T value;
    lock_.with([&] { (*cells_)->read(index * sizeof(T), &value, sizeof value); });
    return value;
  }
  void set(std::size_t index, const T& value) {
    check(index);
    lock_.with([&] { (*cells_)->write(index * sizeof(T), &value, sizeof value); });
  }

  /// A consistent snapshot of all elements, unless it is Lockless. Python: array[:]
  std::vector<T> get_all() const {
    std::vector<T> values(size());
    lock_.with([&] { (*cells_)->read(0, values.data(), values.size() * sizeof(T)); });
    return values;
  }
  /// Replaces all elements under the lock. Throws ValueError unless there are size() values.
  /// Python: array[:] = values
  void set_all(const std::vector<T>& values) {
    if (values.size() != size()) {
      throw ValueError("'values' must have " + std::to_string(size()) + " elements, not " +
                       std::to_string(values.size()));
    }
    lock_.with([&] { (*cells_)->write(0, values.data(), values.size() * sizeof(T)); });
  }

  /// Throws RuntimeError if it is Lockless.
  RLock& get_lock() { return lock_.get(); }

  friend bool operator==(const Array&, const Array&) noexcept = default;
  friend void serialise(Archive& archive, Array& array) {
    ipc::serialise_view(archive, array.cells_, ipc::ObjectKind::value);
    archive(array.lock_);
    if ((*array.cells_)->size() % sizeof(T) != 0) {
      throw SerialiseError("an Array of another type was sent");
    }
  }

 private:
  void check(std::size_t index) const {
    if (index >= size()) throw IndexError("array index out of range");
  }

  std::shared_ptr<ipc::Lazy<Cells>> cells_;
  mutable OptionalLock lock_;
};

}  // namespace weft::multiprocessing
