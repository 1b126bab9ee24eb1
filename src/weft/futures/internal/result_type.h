#pragma once

#include <type_traits>

namespace weft::futures {

namespace detail {

template <class T>
concept HasItems =
    requires { typename T::value_type; } && !std::is_same_v<typename T::value_type, T>;

}  // namespace detail

/// True for a copyable type. Also false for a container of non-copyable elements, for which
/// std::is_copy_constructible is true, as its copy constructor is declared unconditionally.
template <class T>
inline constexpr bool kCopyable = std::is_copy_constructible_v<T>;
template <detail::HasItems T>
inline constexpr bool kCopyable<T> =
    std::is_copy_constructible_v<T> && kCopyable<typename T::value_type>;

/// The result type of the future of a call that returns an `R`: the decayed value type, or, for an
/// lvalue reference, that reference, whose object the future does not keep alive.
template <class R>
using ResultOf = std::conditional_t<std::is_lvalue_reference_v<R>, R, std::remove_cvref_t<R>>;

}  // namespace weft::futures
