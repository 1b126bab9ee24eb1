#pragma once

#include <cstddef>
#include <vector>

#include "weft/multiprocessing/shareable_list.h"
#include "weft/multiprocessing/shared_memory.h"
#include "weft/platform/mutex.h"

namespace weft::multiprocessing {

/// Unlinks the blocks of shared memory that were created by it when it ends. Not copyable; any
/// number of threads may use it at once.
/// Python: https://docs.python.org/3/library/multiprocessing.shared_memory.html#multiprocessing.managers.SharedMemoryManager
///
/// Python's is a process that keeps the names; here it is an object of the calling process, as the
/// run frees all of its blocks at its end anyway. If the calling process is killed, the names stay
/// until then. Processes that are attached to a block can go on using it after it was unlinked.
///
/// Example:
///     inline const Entry change("list.change", [](ShareableList list) { list.set(0, 2); });
///     SharedMemoryManager manager;
///     ShareableList list = manager.shareable_list({1, "two"});
///     Process process(change, list);
///     process.start();
///     process.join();
///     std::get<std::int64_t>(list.get(0));   // 2
class SharedMemoryManager {
 public:
  SharedMemoryManager() = default;
  /// As shutdown().
  ~SharedMemoryManager();
  SharedMemoryManager(const SharedMemoryManager&) = delete;
  SharedMemoryManager& operator=(const SharedMemoryManager&) = delete;

  /// Creates a zeroed block of `size` bytes. Throws as SharedMemory::create; RuntimeError after
  /// shutdown().
  SharedMemory shared_memory(std::size_t size);
  /// Creates a list of these elements. Throws as its constructor; RuntimeError after shutdown().
  ShareableList shareable_list(const std::vector<ShareableList::Item>& items);

  /// Unlinks what it has created and is still linked. May be repeated. Does not block.
  void shutdown();

 private:
  void keep(const SharedMemory& memory);

  platform::Mutex mutex_;
  bool is_shut_down_ WEFT_GUARDED_BY(mutex_) = false;
  std::vector<SharedMemory> blocks_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft::multiprocessing
