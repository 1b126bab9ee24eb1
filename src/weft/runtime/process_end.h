#pragma once

namespace weft::runtime {

/// Watches for the process's end from now on: the end of main(), or exit(), on the main thread. First
/// the actions of `at_process_end` run, the latest first; then the threads outside any session that are
/// no daemons are waited for; then `process_ends`. Whatever the process destroys at its end and was made
/// before is destroyed after that. (exit() on another thread waits for none: that could be waiting for
/// the caller.)
/// Python: threading._shutdown
void watch_for_process_end() noexcept;

/// Calls `action` at the process's end, before threads are waited for: it lets those end that would wait
/// for ever.
/// Python: threading._register_atexit
void at_process_end(void (*action)() noexcept);

/// True once the process ends and only daemons are left.
bool process_ends() noexcept;

}  // namespace weft::runtime
