#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace weft::runtime {

/// A move-only `void()` callable: what std::move_only_function will be.
class Callable {
 public:
  Callable() = default;

  template <class F>
    requires(!std::is_same_v<std::decay_t<F>, Callable> && std::is_invocable_v<std::decay_t<F>&>)
  Callable(F&& function)  // NOLINT(google-explicit-constructor): as std::function
      : body_(std::make_unique<Body<std::decay_t<F>>>(std::forward<F>(function))) {}

  void operator()() { body_->call(); }
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

}  // namespace weft::runtime
