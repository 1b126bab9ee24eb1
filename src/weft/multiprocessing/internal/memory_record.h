#pragma once

namespace weft::multiprocessing {

/// Records the memory use of the calling process in the trace, if the thread is traced.
void record_memory() noexcept;

}  // namespace weft::multiprocessing
