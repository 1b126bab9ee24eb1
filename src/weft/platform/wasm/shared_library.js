// The shared memory; see platform/shared.h. The machine passes it to the worker that hosts this instance
// (Module.weftShared). The host passes it to each worker of a thread before any code runs there, as a
// thread that runs WebAssembly receives no messages.
addToLibrary({
  $weftWords: 'null',
  $weftBytes: 'null',

  $weftShared__deps: ['$PThread', '$weftWords', '$weftBytes', '$weftCompileOperations',
    ...['load', 'store', 'exchange', 'compare_exchange', 'add', 'and', 'or', 'wait', 'wake', 'enter', 'leave',
      'write', 'read']
      .map((name) => `weft_shared_${name}`)],
  $weftShared__postset: 'weftShared.prepare();',
  $weftShared: {
    take({module, shared, own}) {
      weftWords = new Int32Array(shared.buffer);
      weftBytes = new Uint8Array(shared.buffer);
      const operations = new WebAssembly.Instance(module, {m: {shared, own}}).exports;
      _weft_shared_load = operations.load;
      _weft_shared_store = operations.store;
      _weft_shared_exchange = operations.exchange;
      _weft_shared_compare_exchange = operations.compare_exchange;
      _weft_shared_add = operations.add;
      _weft_shared_and = operations.and;
      _weft_shared_or = operations.or;
      _weft_shared_wait = operations.wait;
      _weft_shared_wake = operations.wake;
      _weft_shared_enter = operations.enter;
      _weft_shared_leave = operations.leave;
      if (!operations.write) return;
      _weft_shared_write = operations.write;
      _weft_shared_read = operations.read;
    },

    prepare() {
      if (ENVIRONMENT_IS_PTHREAD) {
        weftShared.listen();
      } else if (Module['weftShared']) {
        const module = weftCompileOperations();
        weftShared.give({module, shared: Module['weftShared'], own: Module['wasmMemory']});
      }
    },

    // Messages are FIFO, so this one arrives before the first message of the runtime.
    give(parts) {
      weftShared.take(parts);
      const load = PThread.loadWasmModuleToWorker;
      PThread.loadWasmModuleToWorker = (worker) => {
        worker.postMessage({weftShared: parts});
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

  // Stubs. take() replaces them; they are never called without a shared memory.
  weft_shared_load__deps: ['$weftShared'],
  weft_shared_load: (word) => abort('no shared memory'),
  weft_shared_store__deps: ['$weftShared'],
  weft_shared_store: (word, value) => abort('no shared memory'),
  weft_shared_exchange__deps: ['$weftShared'],
  weft_shared_exchange: (word, value) => abort('no shared memory'),
  weft_shared_compare_exchange__deps: ['$weftShared'],
  weft_shared_compare_exchange: (word, expected, desired) => abort('no shared memory'),
  weft_shared_add__deps: ['$weftShared'],
  weft_shared_add: (word, value) => abort('no shared memory'),
  weft_shared_and__deps: ['$weftShared'],
  weft_shared_and: (word, value) => abort('no shared memory'),
  weft_shared_or__deps: ['$weftShared'],
  weft_shared_or: (word, value) => abort('no shared memory'),
  weft_shared_wait__deps: ['$weftShared'],
  weft_shared_wait: (word, expected, milliseconds) => abort('no shared memory'),
  weft_shared_wake__deps: ['$weftShared'],
  weft_shared_wake: (word, count, dying) => abort('no shared memory'),
  weft_shared_enter__deps: ['$weftShared'],
  weft_shared_enter: (inside, killed, number, own) => abort('no shared memory'),
  weft_shared_leave__deps: ['$weftShared'],
  weft_shared_leave: (inside, killed) => abort('no shared memory'),

  // For engines whose modules have one memory only. For few bytes a loop is faster than creating a view.
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
});
