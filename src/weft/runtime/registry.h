#pragma once

#include <memory>
#include <vector>

#include "weft/runtime/thread_state.h"

/// Which threads there are: those that start_thread started and that have not ended.
namespace weft::runtime {

/// From before the thread runs until it has nothing left to do.
void register_thread(ThreadState& thread) noexcept;
void unregister_thread(ThreadState& thread) noexcept;

/// The started threads of the session that have not ended, oldest first; null: of those outside
/// any. Others start and end meanwhile.
std::vector<std::shared_ptr<ThreadState>> threads_alive(const Session* session);

}  // namespace weft::runtime
