#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "weft/runtime/local_values.h"

namespace weft::threading {

/// A variable of which each thread has its own. A thread's value is made when the thread first
/// touches the variable, and destroyed, on that thread, when the thread ends, or by the destructor of
/// the variable, whichever comes first.
/// Python: https://docs.python.org/3/library/threading.html#thread-local-data
///
/// Unlike C++'s thread_local it may be a member or of automatic storage, and is no other thread's
/// when WebAssembly runs several threads on one worker. Never blocks. No thread may use the variable
/// while it is destroyed; threads may end meanwhile.
///
/// Example:
///     Local<std::vector<int>> mine;
///     mine->push_back(1);             // in a vector of the calling thread's own
template <class T>
class Local {
 public:
  /// Each thread's value is made by T's default constructor.
  Local()
    requires std::is_default_constructible_v<T>
      : Local([] { return T(); }) {}

  /// Each thread's value is what `factory()` returns on that thread; what it throws comes out of the
  /// access, and the next access tries again. Python: a subclass with an `__init__`.
  template <class Factory>
    requires std::is_invocable_r_v<T, const Factory&>
  explicit Local(Factory factory)
      : make_([factory = std::move(factory)] { return new T(factory()); }) {}

  ~Local() { values_->clear(); }
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;

  /// The calling thread's value.
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
