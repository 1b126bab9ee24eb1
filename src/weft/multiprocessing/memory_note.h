#pragma once

namespace weft::multiprocessing {

/// Records how much memory the calling process uses.
void note_memory() noexcept;

}  // namespace weft::multiprocessing
