#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weft::runtime {

/// A move-only `void()` callable, as std::move_only_function; but calling an empty one does
/// nothing, as Python's `target=None`.
class Callable {
 public:
  Callable() = default;

  /// Empty if `function` is a null pointer or an empty std::function.
  template <class F>
    requires(!std::is_same_v<std::decay_t<F>, Callable> && std::is_invocable_v<std::decay_t<F>&>)
  Callable(F&& function) {  // NOLINT(google-explicit-constructor): as std::function
    if constexpr (!std::is_function_v<std::remove_reference_t<F>> &&
                  requires { static_cast<bool>(function == nullptr); }) {
      if (function == nullptr) return;
    }
    body_ = std::make_unique<Body<std::decay_t<F>>>(std::forward<F>(function));
  }

  void operator()() {
    if (body_ != nullptr) body_->call();
  }
  explicit operator bool() const noexcept { return body_ != nullptr; }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void call() = 0;
  };

  template <class F>
  struct Body final : Base {
    template <class G>
    explicit Body(G&& given) : function(std::forward<G>(given)) {}
    void call() override { function(); }
    F function;
  };

  std::unique_ptr<Base> body_;
};

/// True for a callable that takes these arguments: it can be called with decayed copies of them,
/// and cannot be called without arguments.
template <class F, class... Arguments>
inline constexpr bool kTakes =
    sizeof...(Arguments) != 0 && !std::is_invocable_v<std::decay_t<F>&> &&
    std::is_invocable_v<std::decay_t<F>, std::decay_t<Arguments>...>;

/// As kTakes, but also true for a callable that can be called without arguments, unless it is
/// followed by a single argument that can be meant as `Options` or as a name.
template <class Options, class F, class... Arguments>
inline constexpr bool kTakesBesides =
    kTakes<F, Arguments...> ||
    (sizeof...(Arguments) != 0 && std::is_invocable_v<std::decay_t<F>&> &&
     std::is_invocable_v<std::decay_t<F>, std::decay_t<Arguments>...> &&
     !(sizeof...(Arguments) == 1 && ((std::is_convertible_v<Arguments, std::string> ||
                                      std::is_convertible_v<Arguments, Options>)&&...)));

/// A callable that calls `function` with decayed copies of the arguments, as std::thread does. It
/// may be called once only, as it moves them. Pass references as std::ref.
template <class F, class... Arguments>
Callable bind_once(F&& function, Arguments&&... arguments) {
  return [function = std::decay_t<F>(std::forward<F>(function)),
          tuple = std::tuple<std::decay_t<Arguments>...>(std::forward<Arguments>(
              arguments)...)]() mutable { std::apply(std::move(function), std::move(tuple)); };
}

}  // namespace weft::runtime
