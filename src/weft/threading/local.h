#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "weft/runtime/internal/local_values.h"

namespace weft::threading {

/// Thread-local storage: a variable with a separate value per thread. A thread's value is created
/// on its first access, and destroyed when the thread ends, on that thread, or by the variable's
/// destructor, whichever comes first.
/// Python: https://docs.python.org/3/library/threading.html#thread-local-data
///
/// Unlike a C++ thread_local it may be a member or have automatic storage, and it stays separate
/// when WebAssembly runs several threads on one worker. Never blocks. No thread may access the
/// variable during its destruction; threads may end during it.
///
/// Example:
///     Local<std::vector<int>> mine;
///     mine->push_back(1);             // the calling thread's vector
template <class T>
class Local {
 public:
  /// Each thread's value is default-constructed.
  Local()
    requires std::is_default_constructible_v<T>
      : Local([] { return T(); }) {}

  /// Each thread's value is what `factory()` returns, called on that thread. If it throws, the
  /// access throws, and the next access calls it again. Python: a subclass with an `__init__`.
  template <class Factory>
    requires std::is_invocable_r_v<T, const Factory&>
  explicit Local(Factory factory)
      : make_([factory = std::move(factory)] { return new T(factory()); }) {}

  ~Local() { values_->clear(); }
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;

  /// The calling thread's value; created by the first access.
  T& get() {
    if (void* value = values_->find(); value != nullptr) return *static_cast<T*>(value);
    return *static_cast<T*>(values_->add({make_(), destroy}));
  }
  T& operator*() { return get(); }
  T* operator->() { return &get(); }

 private:
  static void destroy(void* value) { delete static_cast<T*>(value); }

  const std::function<T*()> make_;
  const std::shared_ptr<runtime::LocalValues> values_ = std::make_shared<runtime::LocalValues>();
};

}  // namespace weft::threading
