#pragma once

#include <cstddef>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weft::futures {

/// True if map() may move the items out of a range that was passed as a `Range&&`: it is an rvalue
/// that owns them.
template <class Range>
inline constexpr bool kMovesItems =
    !std::is_lvalue_reference_v<Range> && !std::ranges::enable_view<std::remove_cvref_t<Range>> &&
    !std::ranges::enable_borrowed_range<std::remove_cvref_t<Range>>;

/// The items of several ranges in lockstep, up to the end of the shortest, as Python's zip. Each
/// range is iterated over once, and not ahead of next(). An lvalue range is referred to, and has to
/// outlive this; an rvalue is kept.
template <class... Ranges>
class Zipped {
 public:
  explicit Zipped(Ranges&&... ranges)
      : views_(std::views::all(std::forward<Ranges>(ranges))...),
        at_(std::apply([](auto&... view) { return Iterators(std::ranges::begin(view)...); },
                       views_)) {}
  // The iterators may refer to the views.
  Zipped(const Zipped&) = delete;
  Zipped& operator=(const Zipped&) = delete;

  /// Advances to the next, at first to the first, item of each range. Returns false if one has no
  /// more; then no range is advanced any more.
  bool next() {
    if (ended_) return false;
    if (begun_) std::apply([](auto&... at) { (static_cast<void>(++at), ...); }, at_);
    begun_ = true;
    ended_ = is_any_at_end(kIndices);
    return !ended_;
  }

  /// Returns `call(item…)` with one rvalue of each range's value type. Requires that next()
  /// returned true, and may be called once for it, as items may be moved.
  template <class Call>
  decltype(auto) pass_to(Call&& call) {
    return pass_to(call, kIndices);
  }

 private:
  using Views = std::tuple<std::views::all_t<Ranges>...>;
  using Iterators = std::tuple<std::ranges::iterator_t<std::views::all_t<Ranges>>...>;
  static constexpr std::index_sequence_for<Ranges...> kIndices{};

  template <std::size_t... I>
  bool is_any_at_end(std::index_sequence<I...>) {
    return (... || (std::get<I>(at_) == std::ranges::end(std::get<I>(views_))));
  }

  template <class Call, std::size_t... I>
  decltype(auto) pass_to(Call& call, std::index_sequence<I...>) {
    return call(item<Ranges>(std::get<I>(at_))...);
  }

  template <class Range, class Iterator>
  static auto item(Iterator& at) {
    using Item = std::ranges::range_value_t<std::views::all_t<Range>>;
    if constexpr (kMovesItems<Range>) {
      return Item(std::move(*at));
    } else {
      return Item(*at);
    }
  }

  Views views_;
  Iterators at_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace weft::futures
