#pragma once

namespace weft::runtime {

/// Installs the handler of the process's end, that is the end of main() or exit(), on the main
/// thread. The handler runs the actions of `at_process_end`, the latest first, then joins the
/// non-daemon threads outside any session; from then on `process_ends`. Static objects that were
/// made before this call are destroyed after that. (exit() on another thread joins none, as one
/// could be waiting for the caller.)
/// Python: threading._shutdown
void watch_for_process_end() noexcept;

/// Registers `action` to run at the process's end before threads are joined: it makes those end
/// that would otherwise never end.
/// Python: threading._register_atexit
void at_process_end(void (*action)() noexcept);

/// True once the process ends and at most daemon threads are left.
bool process_ends() noexcept;

}  // namespace weft::runtime
