#pragma once

#include <type_traits>

namespace weft::futures {

namespace detail {

template <class T>
concept HasItems = requires { typename T::value_type; } && !std::is_same_v<typename T::value_type, T>;

}  // namespace detail

/// True for a type that can be copied. A container can't if its items can't, whatever it says of itself.
template <class T>
inline constexpr bool kCopyable = std::is_copy_constructible_v<T>;
template <detail::HasItems T>
inline constexpr bool kCopyable<T> =
    std::is_copy_constructible_v<T> && kCopyable<typename T::value_type>;

/// The type of the future of a call that returns an `R`: a value, or the reference `T&` that was returned,
/// which is not kept alive.
template <class R>
using ResultOf = std::conditional_t<std::is_lvalue_reference_v<R>, R, std::remove_cvref_t<R>>;

}  // namespace weft::futures
