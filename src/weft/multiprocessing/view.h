#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/object_table.h"
#include "weft/platform/shared.h"
#include "weft/runtime/object.h"

namespace weft::multiprocessing {

/// What a process has of an object that several share: a handle of it, the place where it lies, and what
/// the trace knows it by. The classes that users see are shared pointers to one: copies are the same.
struct View {
  View(Hold held, trace::ObjectType type)
      : hold(std::move(held)), at(hold.ref().data()), object(type) {
    object.set_name(hold.ref().name());
    object.set_shared(hold.ref().number(), hold.ref().sequence_word());
  }

  std::string name() const { return hold.ref().name(); }

  Hold hold;
  const platform::shared::Offset at;
  runtime::Object object;
};

/// Throws SerialiseError unless what was received is an object of that kind.
void expect_kind(const Hold& hold, ObjectKind kind);

/// A view that is made, with the object, when it is first wanted: something to receive into costs nothing.
/// `State` has a constructor that takes a Hold.
template <class State>
class Lazy {
 public:
  using Make = std::function<Hold()>;

  explicit Lazy(Make make) : make_(std::move(make)) {}
  explicit Lazy(Hold hold) : state_(new State(std::move(hold))) {}
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
    return *there;  // another thread was faster
  }

  const Make make_;
  std::atomic<State*> state_{nullptr};
};

/// Writes the handle that a view has, or reads one and makes a view of it.
template <class State>
void serialise_view(Archive& archive, std::shared_ptr<Lazy<State>>& view, ObjectKind kind) {
  if (archive.reading()) {
    Hold hold;
    archive.hold(hold);
    expect_kind(hold, kind);
    view = std::make_shared<Lazy<State>>(std::move(hold));
  } else {
    archive.hold((*view)->hold);
  }
}

}  // namespace weft::multiprocessing
