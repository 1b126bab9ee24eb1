#pragma once

#include <cstdint>

#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/message_queue.h"
#include "weft/multiprocessing/pool_initializer.h"

namespace weft::multiprocessing {

/// What a worker's process does: calls the initializer, then takes tasks until there are no more or it has
/// done `most_tasks` of them; 0: no limit. An exception of a task goes back as its result, one of the
/// initializer ends the process.
void work_in_pool(MessageQueue tasks, MessageQueue results, PoolInitializer initializer,
                  std::uint32_t most_tasks);

extern const Entry<void (*)(MessageQueue, MessageQueue, PoolInitializer, std::uint32_t)> pool_worker;

}  // namespace weft::multiprocessing
