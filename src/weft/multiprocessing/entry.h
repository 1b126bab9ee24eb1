#pragma once

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "weft/errors.h"
#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

namespace detail {

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... Parameters>
struct Signature<R (*)(Parameters...)> {
  using Result = R;
  using Arguments = std::tuple<std::decay_t<Parameters>...>;
};
template <class R, class... Parameters>
struct Signature<R (*)(Parameters...) noexcept> : Signature<R (*)(Parameters...)> {};
template <class R, class F, class... Parameters>
struct Signature<R (F::*)(Parameters...) const> : Signature<R (*)(Parameters...)> {};
template <class R, class F, class... Parameters>
struct Signature<R (F::*)(Parameters...) const noexcept> : Signature<R (*)(Parameters...)> {};

}  // namespace detail

/// A function that other processes can be asked to run, by its name: what Entry makes of a function.
class EntryBase {
 public:
  EntryBase(const EntryBase&) = delete;
  EntryBase& operator=(const EntryBase&) = delete;

  const std::string& name() const noexcept { return name_; }

  /// Reads the arguments and calls the function with them. Throws SerialiseError if they are not what
  /// it takes, and whatever the function throws.
  virtual void run(Archive& arguments) const = 0;
  /// The same, and writes what it returned.
  virtual void run_for_result(Archive& arguments, Archive& result) const = 0;

 protected:
  /// Throws RuntimeError if there is another of that name.
  explicit EntryBase(std::string name);
  ~EntryBase();

 private:
  const std::string name_;
};

/// The function of that name. Throws RuntimeError if there is none.
const EntryBase& find_entry(const std::string& name);

/// Registers a function, so that it can be the target of a process: a child is the same program, run
/// anew, and finds by the name what Python's `spawn` finds by the name in a module. To be made before
/// main() begins, at namespace scope:
///
///     inline const Entry square("square", [](int x) { return x * x; });
///
/// One without a function (a null pointer, an empty std::function) does nothing, as Python's
/// `target=None`. The parameters are taken by value or by reference to const; they, and a result that is to come back
/// from a pool, must be such as can be sent (see serialise.h). Python: the rule that a target must be
/// importable, https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods
template <class F>
class Entry final : public EntryBase {
 public:
  using Arguments = typename detail::Signature<F>::Arguments;
  using Result = typename detail::Signature<F>::Result;

  static_assert(std::is_default_constructible_v<Arguments>,
                "each parameter must be default-constructible to be received");

  Entry(std::string name, F function) : EntryBase(std::move(name)), function_(function) {}

  /// True if it can be called with such arguments.
  template <class... Given>
  static constexpr bool takes = std::is_constructible_v<Arguments, Given...> &&
                                sizeof...(Given) == std::tuple_size_v<Arguments>;

  void run(Archive& arguments) const override {
    Arguments values = read(arguments);
    if (!empty()) std::apply(function_, std::move(values));
  }

  void run_for_result(Archive& arguments, Archive& result) const override {
    if constexpr (std::is_void_v<Result>) {
      run(arguments);
    } else {
      expect_function();
      std::decay_t<Result> value = std::apply(function_, read(arguments));
      result(value);
    }
  }

  /// Calls the function here. Throws RuntimeError if there is none that could return a result.
  template <class... Given>
  Result operator()(Given&&... given) const {
    if constexpr (std::is_void_v<Result>) {
      if (empty()) return;
    } else {
      expect_function();
    }
    return function_(std::forward<Given>(given)...);
  }

 private:
  // A pointer or a std::function may be one to nothing.
  bool empty() const noexcept {
    if constexpr (std::is_assignable_v<F&, std::nullptr_t>) return function_ == nullptr;
    return false;
  }
  void expect_function() const {
    if (empty()) throw RuntimeError("the entry '" + name() + "' has no function that returns a result");
  }

  static Arguments read(Archive& archive) {
    Arguments arguments;
    archive(arguments);
    archive.expect_end();
    return arguments;
  }

  const F function_;
};

template <class F>
Entry(const char*, F) -> Entry<std::decay_t<F>>;

}  // namespace weft::multiprocessing
