#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "weft/ipc/archive.h"
#include "weft/ipc/object_table.h"
#include "weft/platform/shared.h"
#include "weft/runtime/object.h"

namespace weft::ipc {

/// A process's view of a shared object: a reference to it, its offset and its trace object. The
/// public handle classes are shared pointers to a view, so copies refer to the same object.
struct SharedObjectView {
  SharedObjectView(ObjectHandle held, trace::ObjectType type)
      : handle(std::move(held)), at(handle.ref().data()), object(type) {
    object.apply({handle.ref().name(), handle.ref().recorded()});
    object.set_shared(handle.ref().number(), handle.ref().sequence_word());
  }

  std::string name() const { return handle.ref().name(); }

  ObjectHandle handle;
  const platform::shared::Offset at;
  runtime::Object object;
};

/// Throws SerialiseError unless the received object is of that kind.
void expect_kind(const ObjectHandle& handle, ObjectKind kind);

/// Lazy initialisation of a view, and with it of the shared object, on first use: a
/// default-constructed handle to receive into costs nothing. `State` has a constructor that takes a
/// ObjectHandle. Thread-safe: the first thread to finish wins, the others discard theirs.
template <class State>
class Lazy {
 public:
  using Make = std::function<ObjectHandle()>;

  explicit Lazy(Make make) : make_(std::move(make)) {}
  explicit Lazy(ObjectHandle handle) : state_(new State(std::move(handle))) {}
  ~Lazy() { delete state_.load(std::memory_order_relaxed); }
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;

  State& operator*() { return get(); }
  State* operator->() { return &get(); }

 private:
  State& get() {
    State* state = state_.load(std::memory_order_acquire);
    return state != nullptr ? *state : make();
  }

  State& make() {
    auto made = std::make_unique<State>(make_());
    State* there = nullptr;
    if (state_.compare_exchange_strong(there, made.get())) return *made.release();
    return *there;  // another thread won the race
  }

  const Make make_;
  std::atomic<State*> state_{nullptr};
};

/// Writes the reference of a view, or reads one and creates a view of it.
template <class State>
void serialise_view(Archive& archive, std::shared_ptr<Lazy<State>>& view, ObjectKind kind) {
  if (archive.reading()) {
    ObjectHandle handle;
    archive.handle(handle);
    expect_kind(handle, kind);
    view = std::make_shared<Lazy<State>>(std::move(handle));
  } else {
    archive.handle((*view)->handle);
  }
}

}  // namespace weft::ipc
