#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/container_proxies.h"
#include "weft/multiprocessing/internal/manager_client.h"
#include "weft/multiprocessing/internal/message_queue.h"
#include "weft/multiprocessing/primitive_proxies.h"
#include "weft/multiprocessing/process.h"

namespace weft::multiprocessing {

/// A server process that owns objects, which other processes access through proxies.
/// Python: https://docs.python.org/3/library/multiprocessing.html#managers
///
/// Queues, locks, events and values need no manager: those of this folder lie in shared memory, and
/// their calls are no round trips to a process. A manager's take none of the run's shared memory,
/// and live as long as the manager, whoever holds them.
///
/// The server executes one request at a time; calls that wait, wait beside it, in the order of their
/// arrival. When a client ends or is killed, its waiting calls are dropped, and the locks that it
/// holds are abandoned: AbandonedError for who wants them (see LockProxy; in Python they wait for
/// ever).
///
/// Example:
///     inline const Entry count("Manager.count", [](DictProxy<std::string, int> counts) {
///       counts.set("tea", counts.get("tea", 0) + 1);
///     });
///     Manager manager;
///     auto counts = manager.dict<std::string, int>();
///     Process process(count, counts);
///     process.start();
///     process.join();
///     counts.get("tea");   // 1
class Manager {
 public:
  struct Options {
    std::string name = {};  ///< of the server process; empty: "SyncManager"
  };

  /// Starts the server process, a daemon, and blocks until the system has created it. Throws
  /// RuntimeError if it cannot be started.
  explicit Manager(Options options);
  Manager() : Manager(Options()) {}
  explicit Manager(Name auto name) : Manager(Options{.name = std::move(name)}) {}
  /// Terminates the server process, as shutdown(), but does not wait for its end.
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // Each creates an object in the server process. Blocks and throws as a proxy's methods do.

  template <class K, class V>
  DictProxy<K, V> dict(const std::vector<std::pair<K, V>>& items = {}) {
    DictProxy<K, V> proxy(client_, make(Call::make_dict));
    if (!items.empty()) proxy.update(items);
    return proxy;
  }
  template <class T>
  ListProxy<T> list(const std::vector<T>& items = {}) {
    ListProxy<T> proxy(client_, make(Call::make_list));
    if (!items.empty()) proxy.extend(items);
    return proxy;
  }
  NamespaceProxy name_space() { return NamespaceProxy(client_, make(Call::make_namespace)); }
  template <class T>
  ValueProxy<T> value(const T& initial = T()) {
    return ValueProxy<T>(client_,
                         make(Call::make_array, std::vector<Bytes>{to_stored_bytes(initial)}));
  }
  template <class T>
  ArrayProxy<T> array(const std::vector<T>& items) {
    std::vector<Bytes> stored;
    for (const T& item : items) stored.push_back(to_stored_bytes(item));
    return ArrayProxy<T>(client_, make(Call::make_array, stored));
  }

  /// `maxsize` is in items; 0 means unbounded.
  template <class T>
  QueueProxy<T> queue(std::uint32_t maxsize = 0) {
    return QueueProxy<T>(client_, make(Call::make_queue, maxsize));
  }
  /// The same as queue(), as in Python: a manager's queues have task_done() and join().
  template <class T>
  QueueProxy<T> joinable_queue(std::uint32_t maxsize = 0) {
    return queue<T>(maxsize);
  }
  LockProxy lock() { return LockProxy(client_, make(Call::make_lock, false)); }
  RLockProxy rlock() { return RLockProxy(client_, make(Call::make_lock, true)); }
  /// Both throw ValueError for a negative value.
  SemaphoreProxy semaphore(std::int64_t value = 1) {
    return SemaphoreProxy(client_, make(Call::make_semaphore, value, false));
  }
  SemaphoreProxy bounded_semaphore(std::int64_t value = 1) {
    return SemaphoreProxy(client_, make(Call::make_semaphore, value, true));
  }
  /// A condition that owns its lock, an RLock.
  ConditionProxy condition() { return condition(rlock()); }
  /// A condition over a lock of this manager.
  ConditionProxy condition(const LockProxy& lock) { return condition_over(lock.index_); }
  ConditionProxy condition(const RLockProxy& lock) { return condition_over(lock.index_); }
  EventProxy event() { return EventProxy(client_, make(Call::make_event)); }
  /// A barrier for `parties` threads; `timeout` is the default timeout of its wait(). It has no
  /// action, which in Python runs in the manager's process. Throws ValueError unless `parties` is
  /// positive.
  BarrierProxy barrier(std::int32_t parties, runtime::Timeout timeout = std::nullopt) {
    return BarrierProxy(client_, make(Call::make_barrier, parties, timeout));
  }

  /// Terminates the server process and blocks until it has ended: its objects are lost. May be
  /// repeated.
  void shutdown();

  ProcessRef process() const { return process_.ref(); }

 private:
  using Call = manager_protocol::Call;

  template <class... Values>
  std::uint32_t make(Call call, const Values&... values) {
    Archive arguments;
    client_.begin(arguments, call);
    arguments(const_cast<Values&>(values)...);  // writing changes nothing
    return from_bytes<std::uint32_t>(client_.call(arguments));
  }
  ConditionProxy condition_over(std::uint32_t lock) {
    return ConditionProxy(client_, make(Call::make_condition, lock));
  }

  MessageQueue calls_;
  Process process_;
  ManagerClient client_;
};

}  // namespace weft::multiprocessing
