// JavaScript functions that the core imports.
addToLibrary({
  // Constant, and different in each worker.
  $weftTimeOrigin: 'performance.timeOrigin',
  weft_clock_now__deps: ['$weftTimeOrigin'],
  weft_clock_now: () => weftTimeOrigin + performance.now(),

  // The host may create the workers of threads itself, the first ones before the core is loaded.
  $weftWorkers__deps: ['$PThread'],
  $weftWorkers__postset: 'weftWorkers.prepare();',
  $weftWorkers: {
    prepare() {
      const make = Module['weftNewWorker'];
      if (make) PThread.allocateUnusedWorker = () => PThread.unusedWorkers.push(make());
    },
  },

  // Posts an event to the host of this instance, the machine's worker. See hosting.h.
  weft_host_event__deps: ['$UTF8ToString', '$weftWorkers'],
  weft_host_event__proxy: 'async',
  weft_host_event__sig: 'vpii',
  weft_host_event: (name, slot, value) => globalThis.weftEvent?.(UTF8ToString(name), slot, value),
});
