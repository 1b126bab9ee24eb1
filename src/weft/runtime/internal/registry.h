#pragma once

#include <memory>
#include <vector>

#include "weft/runtime/internal/thread_state.h"

/// The registry of the threads that start_thread started and that have not ended.
namespace weft::runtime {

/// A thread is registered from before it runs until it has nothing left to do.
void register_thread(ThreadState& thread) noexcept;
void unregister_thread(ThreadState& thread) noexcept;

/// The started threads of the session that have not ended, oldest first; null: of those outside any
/// session. A snapshot.
std::vector<std::shared_ptr<ThreadState>> threads_alive(const Session* session);

}  // namespace weft::runtime
