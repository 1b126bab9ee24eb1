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

/// The client side of the RPC connection to a manager: requests go through the manager's request
/// queue, replies return through a pipe of this client's own. Copies share the connection, on which
/// a lock serialises the calls; a process that receives a client opens its own connection to the
/// same manager.
class ManagerClient {
 public:
  ManagerClient() = default;
  ManagerClient(MessageQueue calls, Sentinel server);

  /// Sends the request and blocks until the reply has arrived. Rethrows what the call threw in the
  /// manager; throws EOFError if the manager has ended, Stopped if the run is stopped.
  Bytes call(Archive& arguments) const;

  /// Writes a request's header. Throws ValueError if this client is default-constructed.
  void begin(Archive& arguments, manager_protocol::Call call) const;

  friend void serialise(Archive& archive, ManagerClient& client);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Common base of the proxies: a handle to an object in a manager's process, its referent. Copies,
/// also those sent to another process, have the same referent, which lives as long as the manager.
/// Every method is a blocking round trip to the manager; it rethrows what the operation threw
/// there, and throws EOFError once the manager has ended. Methods are atomic: the manager executes
/// one request at a time.
/// Python: https://docs.python.org/3/library/multiprocessing.html#proxy-objects
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

/// A proxy for a dict in a manager's process, which keeps insertion order.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.dict
///
/// get() returns a copy: to modify a value in the manager, set() it again.
///
/// Example:
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
  std::size_t size() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
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
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.list
///
/// Example:
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
  std::size_t size() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
  void clear() { ask(Call::clear); }

  /// An atomic snapshot.
  std::vector<T> items() const {
    std::vector<T> all;
    for (const Bytes& bytes : ask_for<std::vector<Bytes>>(Call::items)) all.push_back(value(bytes));
    return all;
  }

 private:
  using Call = manager_protocol::Call;
  static T value(const Bytes& bytes) { return from_bytes<T>(bytes); }
};

/// A proxy for a namespace in a manager's process: named values of any sendable types.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.Namespace
///
/// Example:
///     NamespaceProxy names = manager.name_space();
///     names.set("answer", 42);
///     names.get<int>("answer");
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

/// A server process that owns containers, which other processes access through proxies.
/// Python: https://docs.python.org/3/library/multiprocessing.html#managers
///
/// Queues, locks, events and values need no manager: those of this folder lie in shared memory.
///
/// Example:
///     Manager manager;
///     auto counts = manager.dict<std::string, int>();
///     Process process(count_words, counts, text);
class Manager {
 public:
  /// Starts the server process, a daemon, and blocks until the system has created it. Throws
  /// RuntimeError if it cannot be started.
  explicit Manager(std::string_view name = {});
  /// Terminates the server process, as shutdown(), but does not wait for its end.
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // Each creates a container in the server process. Blocks and throws as a proxy's methods do.

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

  /// Terminates the server process and blocks until it has ended: its containers are lost. May be
  /// repeated.
  void shutdown();

  ProcessRef process() const { return process_.ref(); }

 private:
  std::uint32_t make(manager_protocol::Call call);

  MessageQueue calls_;
  Process process_;
  ManagerClient client_;
};

}  // namespace weft::multiprocessing
