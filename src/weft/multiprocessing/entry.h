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

/// The type-erased interface of Entry: a registered function that other processes run by its name.
class EntryBase {
 public:
  EntryBase(const EntryBase&) = delete;
  EntryBase& operator=(const EntryBase&) = delete;

  const std::string& name() const noexcept { return name_; }

  /// Deserialises the arguments and calls the function. Throws SerialiseError if they do not match
  /// its parameters, and whatever the function throws.
  virtual void run(Archive& arguments) const = 0;
  /// As above, and serialises what the function returned.
  virtual void run_for_result(Archive& arguments, Archive& result) const = 0;

 protected:
  /// Registers the entry. Throws RuntimeError if the name is taken.
  explicit EntryBase(std::string name);
  ~EntryBase();

 private:
  const std::string name_;
};

/// The entry of that name. Throws RuntimeError if there is none.
const EntryBase& find_entry(const std::string& name);

/// A function registered under a name, so that it can be the target of a process or the task of a
/// pool. A child is a new instance of this program and looks the function up by its name, as a
/// child of Python's `spawn` start method imports its target by name. An entry must be constructed
/// before main() begins, at namespace scope, and names must be unique in the program.
///
/// An entry without a function (a null pointer, an empty std::function) does nothing, as Python's
/// `target=None`. Parameters are passed by value or by reference to const. They, and a result that
/// a pool returns, must be serialisable (see serialise.h).
/// Python: a target must be importable,
/// https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods
///
/// Example:
///     inline const Entry square("square", [](int x) { return x * x; });
///     Pool(2).apply(square, 3);   // 9
template <class F>
class Entry final : public EntryBase {
 public:
  using Arguments = typename detail::Signature<F>::Arguments;
  using Result = typename detail::Signature<F>::Result;

  static_assert(std::is_default_constructible_v<Arguments>,
                "each parameter must be default-constructible to be received");

  Entry(std::string name, F function) : EntryBase(std::move(name)), function_(function) {}

  /// True if the function can be called with arguments of these types.
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

  /// Calls the function in the calling process. Throws RuntimeError if a result is expected and the
  /// entry has no function.
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
  // A function pointer may be null, a std::function empty.
  bool empty() const noexcept {
    if constexpr (std::is_assignable_v<F&, std::nullptr_t>) return function_ == nullptr;
    return false;
  }
  void expect_function() const {
    if (empty())
      throw RuntimeError("the entry '" + name() + "' has no function that returns a result");
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
