#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/manager_client.h"

/// Proxies for the containers in a manager's process.
namespace weft::multiprocessing {

/// A proxy for a dict in a manager's process, which keeps insertion order.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.dict
///
/// get() returns a copy: to modify a value in the manager, set() it again.
///
/// Example:
///     Manager manager;
///     DictProxy<std::string, int> counts = manager.dict<std::string, int>();
///     counts.set("a", 1);
///     counts.get("z", -1);   // -1
template <class K, class V>
class DictProxy : public Proxy {
 public:
  DictProxy() = default;
  DictProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// A copy of the value. Throws KeyError if there is none.
  V get(const K& key) const { return value(ask_for<Bytes>(Call::get, to_stored_bytes(key))); }
  /// As above, but returns `otherwise` if there is none.
  V get(const K& key, V otherwise) const {
    try {
      return get(key);
    } catch (const KeyError&) {
      return otherwise;
    }
  }
  void set(const K& key, const V& value) {
    ask(Call::set, to_stored_bytes(key), to_stored_bytes(value));
  }
  /// Returns the key's value; inserts `initial` first if there is none.
  V setdefault(const K& key, const V& initial) {
    return value(ask_for<Bytes>(Call::set_default, to_stored_bytes(key), to_stored_bytes(initial)));
  }
  bool contains(const K& key) const { return ask_for<bool>(Call::has, to_stored_bytes(key)); }
  /// Throws KeyError if there is none.
  void erase(const K& key) { ask(Call::erase, to_stored_bytes(key)); }
  /// Removes the key and returns its value. Throws KeyError if there is none.
  V pop(const K& key) { return value(ask_for<Bytes>(Call::pop, to_stored_bytes(key))); }
  /// As above, but returns `otherwise` if there is none.
  V pop(const K& key, V otherwise) {
    try {
      return pop(key);
    } catch (const KeyError&) {
      return otherwise;
    }
  }
  /// Removes the key that was inserted last, and returns it with its value. Throws KeyError if the
  /// dict is empty.
  std::pair<K, V> popitem() {
    const auto [key, bytes] = ask_for<std::pair<Bytes, Bytes>>(Call::pop_item);
    return {from_bytes<K>(key), value(bytes)};
  }
  /// Sets all of the items, atomically. Takes any range of pairs: a std::map, the items() of
  /// another dict, a list in braces.
  template <class Items = std::vector<std::pair<K, V>>>
  void update(const Items& items) {
    std::vector<std::pair<Bytes, Bytes>> stored;
    for (const auto& [key, value] : items) {
      stored.emplace_back(to_stored_bytes<K>(key), to_stored_bytes<V>(value));
    }
    ask(Call::update, stored);
  }
  std::size_t size() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
  bool empty() const { return size() == 0; }
  void clear() { ask(Call::clear); }

  /// An atomic snapshot, in insertion order; so are keys() and values().
  std::vector<std::pair<K, V>> items() const {
    std::vector<std::pair<K, V>> all;
    for (const auto& [key, bytes] : ask_for<std::vector<std::pair<Bytes, Bytes>>>(Call::items)) {
      all.emplace_back(from_bytes<K>(key), value(bytes));
    }
    return all;
  }
  std::vector<K> keys() const {
    std::vector<K> all;
    for (auto& item : items()) all.push_back(std::move(item.first));
    return all;
  }
  std::vector<V> values() const {
    std::vector<V> all;
    for (auto& item : items()) all.push_back(std::move(item.second));
    return all;
  }

 private:
  using Call = manager_protocol::Call;
  static V value(const Bytes& bytes) { return from_bytes<V>(bytes); }
};

/// A proxy for a list in a manager's process. Negative indices count from the end.
///
/// What compares elements (index, count, contains, remove, sort) copies the list to the caller, as
/// the manager does not know their type. It is atomic all the same: remove() and sort() begin anew
/// if the list was changed meanwhile, so they may take long while others keep changing it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.list
///
/// Example:
///     Manager manager;
///     ListProxy<int> list = manager.list<int>({1, 2});
///     list.append(3);
///     list.get(-1);   // 3
template <class T>
class ListProxy : public Proxy {
 public:
  ListProxy() = default;
  ListProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  void append(const T& value) { ask(Call::append, to_stored_bytes(value)); }
  /// Clamps an index that is out of range to the list's ends, as Python does.
  void insert(std::int64_t index, const T& value) {
    ask(Call::insert, index, to_stored_bytes(value));
  }
  /// get, set and pop throw IndexError if the index is out of range. get returns a copy.
  T get(std::int64_t index) const { return value(ask_for<Bytes>(Call::get_at, index)); }
  void set(std::int64_t index, const T& value) { ask(Call::set_at, index, to_stored_bytes(value)); }
  T pop(std::int64_t index = -1) { return value(ask_for<Bytes>(Call::pop_at, index)); }
  /// Removes the element at that index; throws IndexError if there is none. Python: del list[index]
  void erase(std::int64_t index) { pop(index); }
  /// Appends all of the values, atomically.
  template <class Values = std::vector<T>>
  void extend(const Values& values) {
    ask(Call::extend, stored(values));
  }
  std::size_t size() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
  bool empty() const { return size() == 0; }
  void clear() { ask(Call::clear); }

  /// The index of the first element equal to the value, from `start` on and before `stop`. Throws
  /// ValueError if there is none.
  std::int64_t index(const T& value, std::int64_t start = 0,
                     std::int64_t stop = std::numeric_limits<std::int64_t>::max()) const {
    const std::vector<T> all = items();
    const auto size = static_cast<std::int64_t>(all.size());
    const auto clamped = [size](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
    };
    for (std::int64_t at = clamped(start); at < clamped(stop); ++at) {
      if (all[static_cast<std::size_t>(at)] == value) return at;
    }
    throw ValueError("the value is not in the list");
  }
  /// How many elements are equal to the value.
  std::size_t count(const T& value) const {
    return static_cast<std::size_t>(std::ranges::count(items(), value));
  }
  bool contains(const T& value) const { return count(value) != 0; }

  /// Removes the first element equal to the value. Throws ValueError if there is none.
  void remove(const T& value) {
    for (;;) {
      const auto [version, all] = snapshot();
      const auto found = std::ranges::find(all, value);
      if (found == all.end()) throw ValueError("list.remove(x): x not in list");
      const auto at = static_cast<std::uint64_t>(found - all.begin());
      if (ask_for<bool>(Call::erase_if_unchanged, version, at)) return;
    }
  }
  void reverse() { ask(Call::reverse); }
  /// Sorts the list, stably, by `before(key(a), key(b))`, which runs in the calling process.
  /// Python's `reverse=True` is `sort(std::greater())`.
  template <class Before = std::less<>, class Key = std::identity>
  void sort(Before before = {}, Key key = {}) {
    for (;;) {
      auto [version, all] = snapshot();
      std::ranges::stable_sort(all, before, key);
      if (ask_for<bool>(Call::replace_if_unchanged, version, stored(all))) return;
    }
  }

  /// An atomic snapshot.
  std::vector<T> items() const { return values(ask_for<std::vector<Bytes>>(Call::items)); }

 private:
  using Call = manager_protocol::Call;
  static T value(const Bytes& bytes) { return from_bytes<T>(bytes); }
  static std::vector<T> values(const std::vector<Bytes>& bytes) {
    std::vector<T> all;
    all.reserve(bytes.size());
    for (const Bytes& each : bytes) all.push_back(value(each));
    return all;
  }
  template <class Values>
  static std::vector<Bytes> stored(const Values& values) {
    std::vector<Bytes> bytes;
    for (const auto& each : values) bytes.push_back(to_stored_bytes<T>(each));
    return bytes;
  }
  // The elements, and which state of the list they were.
  std::pair<std::uint64_t, std::vector<T>> snapshot() const {
    auto [version, bytes] = ask_for<std::pair<std::uint64_t, std::vector<Bytes>>>(Call::snapshot);
    return {version, values(bytes)};
  }
};

/// A proxy for a value in a manager's process, of any sendable type. get() and set() are atomic, a
/// get() followed by a set() is not: hold a lock across both.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Value
///
/// Example:
///     Manager manager;
///     ValueProxy<std::string> name = manager.value<std::string>("Ada");
///     name.set(name.get() + " Lovelace");
template <class T>
class ValueProxy : public Proxy {
 public:
  ValueProxy() = default;
  ValueProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// A copy of the value.
  T get() const { return from_bytes<T>(ask_for<Bytes>(Call::get_at, std::int64_t{0})); }
  void set(const T& value) { ask(Call::set_at, std::int64_t{0}, to_stored_bytes(value)); }

 private:
  using Call = manager_protocol::Call;
};

/// A proxy for an array in a manager's process: a fixed number of values of any sendable type.
/// Negative indices count from the end. Python:
/// https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Array
///
/// Example:
///     Manager manager;
///     ArrayProxy<double> samples = manager.array<double>({0.5, 1.5});
///     samples.set(-1, 2.5);
template <class T>
class ArrayProxy : public Proxy {
 public:
  ArrayProxy() = default;
  ArrayProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// Throw IndexError if the index is out of range. get returns a copy.
  T get(std::int64_t index) const { return from_bytes<T>(ask_for<Bytes>(Call::get_at, index)); }
  void set(std::int64_t index, const T& value) { ask(Call::set_at, index, to_stored_bytes(value)); }
  std::size_t size() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
  /// An atomic snapshot. Python: array[:]
  std::vector<T> get_all() const {
    std::vector<T> all;
    for (const Bytes& each : ask_for<std::vector<Bytes>>(Call::items)) {
      all.push_back(from_bytes<T>(each));
    }
    return all;
  }

 private:
  using Call = manager_protocol::Call;
};

/// A proxy for a namespace in a manager's process: named values of any sendable types.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.Namespace
///
/// Example:
///     Manager manager;
///     NamespaceProxy names = manager.name_space();
///     names.set("answer", 42);
///     names.get<int>("answer");   // 42
class NamespaceProxy : public Proxy {
 public:
  NamespaceProxy() = default;
  NamespaceProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// A copy of the value. Throws KeyError (Python: AttributeError) if there is none, SerialiseError
  /// if it does not deserialise as a T.
  template <class T>
  T get(const std::string& name) const {
    return from_bytes<T>(ask_for<Bytes>(Call::get, to_stored_bytes(name)));
  }
  template <class T>
  void set(const std::string& name, const T& value) {
    ask(Call::set, to_stored_bytes(name), to_stored_bytes(value));
  }
  bool contains(const std::string& name) const {
    return ask_for<bool>(Call::has, to_stored_bytes(name));
  }
  /// Throws KeyError if there is none.
  void erase(const std::string& name) { ask(Call::erase, to_stored_bytes(name)); }

 private:
  using Call = manager_protocol::Call;
};

}  // namespace weft::multiprocessing
