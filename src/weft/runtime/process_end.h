#pragma once

namespace weft::runtime {

/// Notices the process's end from now on. Whatever the process destroys then and was made before is
/// destroyed after that.
void watch_for_process_end() noexcept;

/// True once the process ends, by the end of main() or by exit().
bool process_ends() noexcept;

}  // namespace weft::runtime
