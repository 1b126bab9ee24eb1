// Emscripten up to 6.0.6 calls Atomics.waitAsync on each thread's own struct and never cancels the
// wait. Once that memory is reused, the stale waiter consumes a wake-up of another waiter (a lost
// wake-up: emscripten-core/emscripten#27492). Without waitAsync the runtime uses messages.
delete Atomics.waitAsync;
