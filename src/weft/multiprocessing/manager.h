#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/manager_protocol.h"
#include "weft/multiprocessing/message_queue.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/multiprocessing/wait.h"

namespace weft::multiprocessing {

/// How a process talks to a manager. Copies are the same; another process that receives one talks to the
/// same manager, in its own name.
class ManagerClient {
 public:
  ManagerClient() = default;
  ManagerClient(MessageQueue calls, Sentinel server);

  /// Calls the manager and blocks until it has answered. Throws what the call threw there, and EOFError if
  /// the manager is gone.
  Bytes call(Archive& arguments) const;

  /// The beginning of a call.
  void begin(Archive& arguments, manager_protocol::Call call) const;

  friend void serialise(Archive& archive, ManagerClient& client);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// What the proxies have in common: an object that lives in a manager's process. Copies, and what another
/// process receives when one is sent to it, are the same object. It lives as long as the manager. Every
/// call blocks until the manager has answered, throws what it threw there, and EOFError once the manager
/// is gone.
class Proxy {
 public:
  friend void serialise(Archive& archive, Proxy& proxy) { archive(proxy.client_, proxy.index_); }

 protected:
  Proxy() = default;
  Proxy(ManagerClient client, std::uint32_t index) : client_(std::move(client)), index_(index) {}

  template <class... Values>
  Bytes ask(manager_protocol::Call call, const Values&... values) const {
    Archive arguments;
    client_.begin(arguments, call);
    std::uint32_t index = index_;
    arguments(index, const_cast<Values&>(values)...);  // writing changes nothing
    return client_.call(arguments);
  }
  template <class T, class... Values>
  T ask_for(manager_protocol::Call call, const Values&... values) const {
    return from_bytes<T>(ask(call, values...));
  }

 private:
  ManagerClient client_;
  std::uint32_t index_ = 0;
};

/// A dict in a manager's process; its items stay in the order in which they came.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.dict
///
/// What get() returns is a copy: to change it in the manager, set() it again.
template <class K, class V>
class DictProxy : public Proxy {
 public:
  DictProxy() = default;
  DictProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// Throws KeyError if there is none.
  V get(const K& key) const { return value(ask_for<Bytes>(Call::get, to_bytes(key))); }
  V get(const K& key, V otherwise) const {
    try {
      return get(key);
    } catch (const KeyError&) {
      return otherwise;
    }
  }
  void set(const K& key, const V& value) { ask(Call::set, to_bytes(key), to_bytes(value)); }
  /// The value of that key, which is `value` from now on if there was none.
  V setdefault(const K& key, const V& initial) {
    return value(ask_for<Bytes>(Call::set_default, to_bytes(key), to_bytes(initial)));
  }
  bool contains(const K& key) const { return ask_for<bool>(Call::has, to_bytes(key)); }
  /// Throws KeyError if there is none.
  void erase(const K& key) { ask(Call::erase, to_bytes(key)); }
  /// Removes it and returns what it was. Throws KeyError if there is none.
  V pop(const K& key) { return value(ask_for<Bytes>(Call::pop, to_bytes(key))); }
  std::size_t size() const {
    return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size));
  }
  void clear() { ask(Call::clear); }

  /// All of them as they are at one moment.
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

/// A list in a manager's process. Negative indices count from the end.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.list
template <class T>
class ListProxy : public Proxy {
 public:
  ListProxy() = default;
  ListProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  void append(const T& value) { ask(Call::append, to_bytes(value)); }
  void insert(std::int64_t index, const T& value) { ask(Call::insert, index, to_bytes(value)); }
  /// These throw IndexError.
  T get(std::int64_t index) const { return value(ask_for<Bytes>(Call::get_at, index)); }
  void set(std::int64_t index, const T& value) { ask(Call::set_at, index, to_bytes(value)); }
  T pop(std::int64_t index = -1) { return value(ask_for<Bytes>(Call::pop_at, index)); }
  std::size_t size() const {
    return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size));
  }
  void clear() { ask(Call::clear); }

  /// All of them as they are at one moment.
  std::vector<T> items() const {
    std::vector<T> all;
    for (const Bytes& bytes : ask_for<std::vector<Bytes>>(Call::items)) all.push_back(value(bytes));
    return all;
  }

 private:
  using Call = manager_protocol::Call;
  static T value(const Bytes& bytes) { return from_bytes<T>(bytes); }
};

/// Named values of any types in a manager's process.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.Namespace
class NamespaceProxy : public Proxy {
 public:
  NamespaceProxy() = default;
  NamespaceProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// Throws KeyError (Python: AttributeError) if there is none, SerialiseError if it is no T.
  template <class T>
  T get(const std::string& name) const {
    return from_bytes<T>(ask_for<Bytes>(Call::get, to_bytes(name)));
  }
  template <class T>
  void set(const std::string& name, const T& value) {
    ask(Call::set, to_bytes(name), to_bytes(value));
  }
  bool contains(const std::string& name) const { return ask_for<bool>(Call::has, to_bytes(name)); }
  /// Throws KeyError if there is none.
  void erase(const std::string& name) { ask(Call::erase, to_bytes(name)); }

 private:
  using Call = manager_protocol::Call;
};

/// A process that keeps containers which other processes use through proxies.
/// Python: https://docs.python.org/3/library/multiprocessing.html#managers
///
/// For queues, locks, events and values there is no need of it: those of this folder are shared by
/// themselves.
///
/// Example:
///     Manager manager;
///     auto counts = manager.dict<std::string, int>();
///     Process process(count_words, counts, text);
class Manager {
 public:
  /// Starts the process. Throws RuntimeError if it is not to be had.
  explicit Manager(std::string_view name = {});
  /// As shutdown().
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  template <class K, class V>
  DictProxy<K, V> dict(const std::vector<std::pair<K, V>>& items = {}) {
    DictProxy<K, V> proxy(client_, make(manager_protocol::Call::make_dict));
    for (const auto& [key, value] : items) proxy.set(key, value);
    return proxy;
  }
  template <class T>
  ListProxy<T> list(const std::vector<T>& items = {}) {
    ListProxy<T> proxy(client_, make(manager_protocol::Call::make_list));
    for (const T& item : items) proxy.append(item);
    return proxy;
  }
  NamespaceProxy name_space() {
    return NamespaceProxy(client_, make(manager_protocol::Call::make_namespace));
  }

  /// Ends the process: what it kept is gone. May be repeated.
  void shutdown();

  ProcessRef process() const { return process_.ref(); }

 private:
  std::uint32_t make(manager_protocol::Call call);

  MessageQueue calls_;
  Process process_;
  ManagerClient client_;
};

}  // namespace weft::multiprocessing
