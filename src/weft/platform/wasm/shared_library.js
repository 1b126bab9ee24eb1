// The shared memory: see platform/shared.h. The machine gives it to the worker that hosts this instance
// (Module.weftShared), and that one to every worker of its threads before anything runs there: a
// thread that is busy in WebAssembly receives no messages.
addToLibrary({
  $weftWords: 'null',
  $weftBytes: 'null',

  $weftShared__deps: ['$PThread', '$weftWords', '$weftBytes'],
  $weftShared__postset: 'weftShared.prepare();',
  $weftShared: {
    take(buffer) {
      weftWords = new Int32Array(buffer);
      weftBytes = new Uint8Array(buffer);
    },

    prepare() {
      if (ENVIRONMENT_IS_PTHREAD) weftShared.listen();
      else if (Module['weftShared']) weftShared.give(Module['weftShared']);
    },

    // Messages arrive in the order they were sent: this one before the runtime's first.
    give(buffer) {
      weftShared.take(buffer);
      const load = PThread.loadWasmModuleToWorker;
      PThread.loadWasmModuleToWorker = (worker) => {
        worker.postMessage({weftShared: buffer});
        return load(worker);
      };
    },

    listen() {
      const receive = (message) => {
        if (message?.weftShared) weftShared.take(message.weftShared);
      };
#if ENVIRONMENT_MAY_BE_NODE
      if (ENVIRONMENT_IS_NODE) {
        process.getBuiltinModule('node:worker_threads').parentPort.on('message', receive);
        return;
      }
#endif
      addEventListener('message', (event) => receive(event.data));
    },
  },

  weft_shared_size__deps: ['$weftShared'],
  weft_shared_size: () => (weftBytes ? weftBytes.length : 0),

  weft_shared_load__deps: ['$weftShared'],
  weft_shared_load: (word) => Atomics.load(weftWords, word >>> 2),
  weft_shared_store__deps: ['$weftShared'],
  weft_shared_store: (word, value) => {
    Atomics.store(weftWords, word >>> 2, value);
  },
  weft_shared_exchange__deps: ['$weftShared'],
  weft_shared_exchange: (word, value) => Atomics.exchange(weftWords, word >>> 2, value),
  weft_shared_compare_exchange__deps: ['$weftShared'],
  weft_shared_compare_exchange: (word, expected, desired) =>
    Atomics.compareExchange(weftWords, word >>> 2, expected, desired),
  weft_shared_add__deps: ['$weftShared'],
  weft_shared_add: (word, value) => Atomics.add(weftWords, word >>> 2, value),
  weft_shared_and__deps: ['$weftShared'],
  weft_shared_and: (word, value) => Atomics.and(weftWords, word >>> 2, value),
  weft_shared_or__deps: ['$weftShared'],
  weft_shared_or: (word, value) => Atomics.or(weftWords, word >>> 2, value),

  // A loop is faster than the making of a view as long as there is little to copy.
  weft_shared_write__deps: ['$weftShared'],
  weft_shared_write: (to, from, bytes) => {
    if (bytes > 512) {
      weftBytes.set(HEAPU8.subarray(from, from + bytes), to);
    } else if (((to | from | bytes) & 3) === 0) {
      for (let i = 0; i < bytes; i += 4) weftWords[(to + i) >>> 2] = HEAP32[(from + i) >>> 2];
    } else {
      for (let i = 0; i < bytes; ++i) weftBytes[to + i] = HEAPU8[from + i];
    }
  },
  weft_shared_read__deps: ['$weftShared'],
  weft_shared_read: (to, from, bytes) => {
    if (bytes > 512) {
      HEAPU8.set(weftBytes.subarray(from, from + bytes), to);
    } else if (((to | from | bytes) & 3) === 0) {
      for (let i = 0; i < bytes; i += 4) HEAP32[(to + i) >>> 2] = weftWords[(from + i) >>> 2];
    } else {
      for (let i = 0; i < bytes; ++i) HEAPU8[to + i] = weftBytes[from + i];
    }
  },
  weft_shared_clear__deps: ['$weftShared'],
  weft_shared_clear: (from, bytes) => {
    weftBytes.fill(0, from, from + bytes);
  },

  // A negative time is none.
  weft_shared_wait__deps: ['$weftShared'],
  weft_shared_wait: (word, expected, milliseconds) =>
    Atomics.wait(weftWords, word >>> 2, expected, milliseconds < 0 ? Infinity : milliseconds) !== 'timed-out',
  weft_shared_wake__deps: ['$weftShared'],
  weft_shared_wake: (word, count, dying) => {
    const all = Atomics.load(weftWords, dying >>> 2) !== 0;
    Atomics.notify(weftWords, word >>> 2, all ? Infinity : count >>> 0);
  },

  // One call: it begins every change of what is shared. The number is looked at last: a slot gets that
  // of its next process before it forgets that the last one was killed.
  weft_shared_enter__deps: ['$weftShared'],
  weft_shared_enter: (inside, killed, number, own) => {
    Atomics.add(weftWords, inside >>> 2, 1);
    return Atomics.load(weftWords, killed >>> 2) === 0 &&
      (own === 0 || Atomics.load(weftWords, number >>> 2) === own);
  },
  // Whoever cleans up behind a process waits for the last one to leave.
  weft_shared_leave__deps: ['$weftShared'],
  weft_shared_leave: (inside, killed) => {
    const wasLast = Atomics.sub(weftWords, inside >>> 2, 1) === 1;
    if (wasLast && Atomics.load(weftWords, killed >>> 2) !== 0) Atomics.notify(weftWords, inside >>> 2);
  },
});
