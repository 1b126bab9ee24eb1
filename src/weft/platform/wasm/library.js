// JavaScript that the core calls directly.
addToLibrary({
  // Each worker has a time origin of its own; it never changes.
  $weftTimeOrigin: 'performance.timeOrigin',
  weft_clock_now__deps: ['$weftTimeOrigin'],
  weft_clock_now: () => weftTimeOrigin + performance.now(),

  // The host may make the workers of threads itself, and the first of them before the core is there.
  $weftWorkers__deps: ['$PThread'],
  $weftWorkers__postset: 'weftWorkers.prepare();',
  $weftWorkers: {
    prepare() {
      const make = Module['weftNewWorker'];
      if (make) PThread.allocateUnusedWorker = () => PThread.unusedWorkers.push(make());
    },
  },

  // Tells whoever hosts this instance (the machine's worker) that something happened.
  weft_host_event__deps: ['$UTF8ToString', '$weftWorkers'],
  weft_host_event__proxy: 'async',
  weft_host_event__sig: 'vpii',
  weft_host_event: (name, slot, value) => globalThis.weftEvent?.(UTF8ToString(name), slot, value),
});
