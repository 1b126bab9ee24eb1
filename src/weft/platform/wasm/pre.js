// Emscripten up to 6.0.6 arms an Atomics.waitAsync on every thread's own struct and never cancels
// it; once that memory is reused the stale waiter swallows a wake-up meant for somebody else
// (emscripten-core/emscripten#27492). Without waitAsync the runtime falls back to messages.
delete Atomics.waitAsync;
