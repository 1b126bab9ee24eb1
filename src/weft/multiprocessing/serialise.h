#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "weft/multiprocessing/archive.h"
#include "weft/runtime/time.h"

/// Serialisation: what can be sent to another process as an argument, a message or a result.
///
/// Supported are numbers, bool, enumerations, std::string, std::chrono::duration, vectors (hence
/// bytes), arrays, maps, sets, pairs, tuples, optionals and variants of supported types; the
/// handles of this folder (Connection, Queue, Lock, Value, …); and user-defined types with a
/// function in their namespace, which both writes and reads:
///
///     void serialise(Archive& archive, Point& point) { archive(point.x, point.y); }
///
/// A type must be default-constructible to be received.
/// Python: https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled
namespace weft::multiprocessing {

template <class T>
struct Serialiser;  // specialised below for the supported types

template <class T>
concept HasSerialise = requires(Archive& archive, T& value) { serialise(archive, value); };

template <class T>
/// Example:
///     static_assert(Sendable<std::vector<std::string>>);
///     static_assert(!Sendable<int*>);   // an address means nothing in another process
concept Sendable =
    HasSerialise<T> || requires(Archive& archive, T& value) { Serialiser<T>::run(archive, value); };

/// Lower bound of the serialised size; limits the allocation that a corrupt length can cause.
template <class T>
inline constexpr std::size_t least_bytes = std::is_arithmetic_v<T> ? sizeof(T) : 1;

}  // namespace weft::multiprocessing

template <class... Values>
void weft::ipc::Archive::operator()(Values&... values) {
  static_assert((multiprocessing::Sendable<Values> && ...),
                "a value of this type can't be sent to another process: give it a function "
                "void serialise(weft::multiprocessing::Archive&, T&) in its namespace");
  [[maybe_unused]] const auto one = [this]<class T>(T& value) {
    if constexpr (multiprocessing::HasSerialise<T>) {
      serialise(*this, value);
    } else {
      multiprocessing::Serialiser<T>::run(*this, value);
    }
  };
  (one(values), ...);
}

namespace weft::multiprocessing {

template <class T>
  requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
struct Serialiser<T> {
  static void run(Archive& archive, T& value) { archive.raw(&value, sizeof value); }
};

template <>
struct Serialiser<bool> {
  static void run(Archive& archive, bool& value) {
    auto byte = static_cast<std::uint8_t>(value);
    archive.raw(&byte, 1);
    if (byte > 1) throw SerialiseError("a bool must be 0 or 1, not " + std::to_string(byte));
    value = byte != 0;
  }
};

template <class T>
  requires std::is_enum_v<T>
struct Serialiser<T> {
  static void run(Archive& archive, T& value) { archive.raw(&value, sizeof value); }
};

template <class Rep, class Period>
struct Serialiser<std::chrono::duration<Rep, Period>> {
  static void run(Archive& archive, std::chrono::duration<Rep, Period>& value) {
    Rep count = value.count();
    archive(count);
    value = std::chrono::duration<Rep, Period>(count);
  }
};

template <>
struct Serialiser<std::string> {
  static void run(Archive& archive, std::string& value) {
    const std::size_t length = archive.count(value.size(), 1);
    if (archive.reading()) value.resize(length);
    archive.raw(value.data(), length);
  }
};

template <Sendable T, class Allocator>
struct Serialiser<std::vector<T, Allocator>> {
  static void run(Archive& archive, std::vector<T, Allocator>& value) {
    const std::size_t length = archive.count(value.size(), least_bytes<T>);
    if (archive.reading()) value.resize(length);
    if constexpr (std::is_same_v<T, bool>) {
      for (std::size_t i = 0; i < length; ++i) {
        bool bit = value[i];
        archive(bit);
        value[i] = bit;
      }
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::byte>) {
      archive.raw(value.data(), length * sizeof(T));
    } else {
      for (T& element : value) archive(element);
    }
  }
};

template <Sendable T, std::size_t N>
struct Serialiser<std::array<T, N>> {
  static void run(Archive& archive, std::array<T, N>& value) {
    for (T& element : value) archive(element);
  }
};

/// For associative containers that are filled by insertion.
template <class Container, class Element>
struct SerialiserOfSet {
  static void run(Archive& archive, Container& value) {
    const std::size_t length = archive.count(value.size(), 1);
    if (!archive.reading()) {
      // Writing does not modify the element.
      for (const Element& element : value) archive(const_cast<Element&>(element));
      return;
    }
    value.clear();
    for (std::size_t i = 0; i < length; ++i) {
      Element element{};
      archive(element);
      value.insert(std::move(element));
    }
  }
};

template <Sendable T, class... Rest>
struct Serialiser<std::set<T, Rest...>> : SerialiserOfSet<std::set<T, Rest...>, T> {};
template <Sendable T, class... Rest>
struct Serialiser<std::unordered_set<T, Rest...>>
    : SerialiserOfSet<std::unordered_set<T, Rest...>, T> {};

template <class Map>
struct SerialiserOfMap {
  static void run(Archive& archive, Map& value) {
    const std::size_t length = archive.count(value.size(), 2);
    if (!archive.reading()) {
      for (auto& [key, mapped] : value) {
        // Writing does not modify the key.
        archive(const_cast<typename Map::key_type&>(key), mapped);
      }
      return;
    }
    value.clear();
    for (std::size_t i = 0; i < length; ++i) {
      typename Map::key_type key{};
      typename Map::mapped_type mapped{};
      archive(key, mapped);
      value.insert_or_assign(std::move(key), std::move(mapped));
    }
  }
};

template <Sendable K, Sendable V, class... Rest>
struct Serialiser<std::map<K, V, Rest...>> : SerialiserOfMap<std::map<K, V, Rest...>> {};
template <Sendable K, Sendable V, class... Rest>
struct Serialiser<std::unordered_map<K, V, Rest...>>
    : SerialiserOfMap<std::unordered_map<K, V, Rest...>> {};

template <Sendable A, Sendable B>
struct Serialiser<std::pair<A, B>> {
  static void run(Archive& archive, std::pair<A, B>& value) { archive(value.first, value.second); }
};

template <Sendable... T>
struct Serialiser<std::tuple<T...>> {
  static void run(Archive& archive, std::tuple<T...>& value) {
    std::apply([&archive](T&... element) { archive(element...); }, value);
  }
};

template <>
struct Serialiser<std::monostate> {
  static void run(Archive&, std::monostate&) {}
};

template <Sendable T>
struct Serialiser<std::optional<T>> {
  static void run(Archive& archive, std::optional<T>& value) {
    bool has_value = value.has_value();
    archive(has_value);
    if (archive.reading()) {
      value.reset();
      if (has_value) value.emplace();
    }
    if (has_value) archive(*value);
  }
};

template <>
struct Serialiser<runtime::Timeout> {
  static void run(Archive& archive, runtime::Timeout& value) {
    archive(static_cast<std::optional<std::chrono::nanoseconds>&>(value));
  }
};

template <Sendable... T>
struct Serialiser<std::variant<T...>> {
  static void run(Archive& archive, std::variant<T...>& value) {
    std::size_t index = archive.count(value.index(), 0);
    if (index >= sizeof...(T)) {
      throw SerialiseError("a variant of " + std::to_string(sizeof...(T)) +
                           " alternatives has no index " + std::to_string(index));
    }
    if (archive.reading()) make(value, index, std::index_sequence_for<T...>());
    std::visit([&archive](auto& held) { archive(held); }, value);
  }

 private:
  template <std::size_t... I>
  static void make(std::variant<T...>& value, std::size_t index, std::index_sequence<I...>) {
    static_cast<void>(((index == I && (value.template emplace<I>(), true)) || ...));
  }
};

/// Serialises the value for no particular receiver, as Archive() does.
template <Sendable T>
Bytes to_bytes(const T& value) {
  Archive archive;
  archive(const_cast<T&>(value));  // writing does not modify the value
  return archive.take_bytes();
}

/// As to_bytes, for bytes that are deserialised any number of times. Throws ValueError if the value
/// contains a handle.
template <Sendable T>
Bytes to_stored_bytes(const T& value) {
  Archive archive(Archive::ForManyReaders{});
  archive(const_cast<T&>(value));
  return archive.take_bytes();
}

/// Deserialises a value. Throws SerialiseError if the bytes are not those of a T.
template <Sendable T>
T from_bytes(std::span<const std::byte> bytes) {
  static_assert(std::is_default_constructible_v<T>,
                "to be received a type needs a default constructor");
  T value{};
  Archive archive(bytes);
  archive(value);
  archive.expect_end();
  return value;
}

}  // namespace weft::multiprocessing
