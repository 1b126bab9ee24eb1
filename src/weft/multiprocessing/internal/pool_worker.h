#pragma once

#include <cstdint>

#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/internal/message_queue.h"
#include "weft/multiprocessing/pool_initializer.h"

namespace weft::multiprocessing {

/// The main loop of a worker process: calls the initializer, then executes tasks until the queue
/// ends or it has executed `max_tasks` of them (0: unlimited). An exception of a task is sent as
/// its result; one of the initializer ends the process.
void work_in_pool(MessageQueue tasks, MessageQueue results, PoolInitializer initializer,
                  std::uint32_t max_tasks);

extern const Entry<void (*)(MessageQueue, MessageQueue, PoolInitializer, std::uint32_t)>
    pool_worker;

}  // namespace weft::multiprocessing
