#include "weft/multiprocessing/shared_memory_manager.h"

#include <utility>

#include "weft/errors.h"

namespace weft::multiprocessing {

namespace {

// It may have been unlinked, by any process.
void unlink(SharedMemory& memory) {
  try {
    memory.unlink();
  } catch (const FileNotFoundError&) {
  }
}

}  // namespace

SharedMemoryManager::~SharedMemoryManager() { shutdown(); }

SharedMemory SharedMemoryManager::shared_memory(std::size_t size) {
  SharedMemory memory = SharedMemory::create(size);
  keep(memory);
  return memory;
}

ShareableList SharedMemoryManager::shareable_list(const std::vector<ShareableList::Item>& items) {
  ShareableList list(items);
  keep(list.shm());
  return list;
}

void SharedMemoryManager::keep(const SharedMemory& memory) {
  SharedMemory own = memory;
  {
    const platform::LockGuard guard(mutex_);
    if (!is_shut_down_) {
      blocks_.push_back(std::move(own));
      return;
    }
  }
  unlink(own);
  throw RuntimeError("the SharedMemoryManager is shut down");
}

void SharedMemoryManager::shutdown() {
  std::vector<SharedMemory> blocks;
  {
    const platform::LockGuard guard(mutex_);
    is_shut_down_ = true;
    blocks.swap(blocks_);
  }
  for (SharedMemory& memory : blocks) unlink(memory);
}

}  // namespace weft::multiprocessing
