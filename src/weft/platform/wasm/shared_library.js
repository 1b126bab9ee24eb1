// The shared memory: see platform/shared.h. The machine gives it to the worker that hosts this instance
// (Module.weftShared), and that one to every worker of its threads before anything runs there: a
// thread that is busy in WebAssembly receives no messages.
addToLibrary({
  $weftWords: 'null',
  $weftBytes: 'null',

  // Operations on the shared memory, as a module that imports it as its own, and with it, in engines
  // whose modules may have several, that of the process: a call from WebAssembly to WebAssembly costs
  // a fraction of one to JavaScript. They replace the functions of their names below before those are
  // imported.
  $weftOperations: (shared, own) => {
    const [i32, f64] = [0x7f, 0x7c];
    const get = (...locals) => locals.flatMap((local) => [0x20, local]);
    const constant = (value) => [0x41, value];
    const atomic = (operation) => [0xfe, operation, 2, 0];
    const [notify, wait, load, store, add, sub, and, or, exchange, compareExchange] =
      [0x00, 0x01, 0x10, 0x17, 0x1e, 0x25, 0x2c, 0x33, 0x41, 0x48].map(atomic);
    const everybody = constant(0x7f); // -1
    const [equal, notEqual, isZero] = [0x46, 0x47, 0x45];
    const [ifReturning, otherwise, ifNothing, end, drop] = [[0x04, i32], 0x05, [0x04, 0x40], 0x0b, 0x1a];
    const nanoseconds = [0x44, 0, 0, 0, 0, 0x80, 0x84, 0x2e, 0x41, 0xa2, 0xfc, 0x06]; // × 1e6, to i64
    const [two, three] = [[i32, i32], [i32, i32, i32]];

    // Copies between the memories, to that one from this: what is small without a call of the engine's.
    const [sharedIndex, ownIndex] = [0, 1];
    const set = (local) => [0x21, local];
    const [lessThan, moreThan, plus, minus, bitwiseAnd] = [0x49, 0x4b, 0x6a, 0x6b, 0x71];
    const step = (local, operation, bytes) => [...get(local), ...constant(bytes), operation, ...set(local)];
    const move = (to, from, bytes, load, store) => [
      ...get(0, 1), load, 0x40, from, 0, store, 0x40, to, 0,
      ...step(0, plus, bytes), ...step(1, plus, bytes),
    ];
    const rest = (to, from, bytes, load, store) =>
      [...get(2), ...constant(bytes), bitwiseAnd, ...ifNothing, ...move(to, from, bytes, load, store), end];
    const [block, loop, exitLoop, again, giveBack] = [[0x02, 0x40], [0x03, 0x40], [0x0d, 1], [0x0c, 0], 0x0f];
    const copy = (to, from) => [
      ...get(2), 0x41, 0x80, 4, moreThan, ...ifNothing, // 512
        ...get(0, 1, 2), 0xfc, 0x0a, to, from, giveBack, end,
      ...block, ...loop, ...get(2), ...constant(8), lessThan, ...exitLoop,
        ...move(to, from, 8, 0x29, 0x37), ...step(2, minus, 8), ...again, end, end,
      ...rest(to, from, 4, 0x28, 0x36), ...rest(to, from, 2, 0x2f, 0x3b), ...rest(to, from, 1, 0x2d, 0x3a),
    ];
    const copies = {
      write: [three, [], copy(sharedIndex, ownIndex)],
      read: [three, [], copy(ownIndex, sharedIndex)],
    };
    const words = {
      load: [[i32], [i32], [...get(0), ...load]],
      store: [two, [], [...get(0, 1), ...store]],
      exchange: [two, [i32], [...get(0, 1), ...exchange]],
      compare_exchange: [three, [i32], [...get(0, 1, 2), ...compareExchange]],
      add: [two, [i32], [...get(0, 1), ...add]],
      and: [two, [i32], [...get(0, 1), ...and]],
      or: [two, [i32], [...get(0, 1), ...or]],
      // word, expected, ms: negative is for ever. 2 is how it says that the time was up.
      wait: [[i32, i32, f64], [i32],
        [...get(0, 1, 2), ...nanoseconds, ...wait, ...constant(2), notEqual]],
      // word, count, the count of the dying: see there.
      wake: [three, [],
        [...get(0), ...get(2), ...load, ...ifReturning, ...everybody, otherwise, ...get(1), end, ...notify, drop]],
      // inside, killed, number, own. The number is looked at last: a slot gets that of its next process
      // before it forgets that the last one was killed.
      enter: [[i32, i32, i32, i32], [i32],
        [...get(0), ...constant(1), ...add, drop,
          ...get(1), ...load, ...ifReturning, ...constant(0), otherwise,
          ...get(3), isZero, ...ifReturning, ...constant(1), otherwise,
          ...get(2), ...load, ...get(3), equal, end, end]],
      // inside, killed: whoever cleans up behind a process waits for the last one to leave.
      leave: [two, [],
        [...get(0), ...constant(1), ...sub, ...constant(1), equal, ...ifNothing,
          ...get(1), ...load, ...ifNothing, ...get(0), ...everybody, ...notify, drop, end, end]],
    };

    const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]);
    const vector = (items) => [...number(items.length), ...items.flat()];
    const bytes = (content) => [...number(content.length), ...content];
    const section = (id, content) => [id, ...bytes(content)];
    const text = (string) => bytes([...string].map((character) => character.charCodeAt(0)));
    const anyShared = [0x03, ...number(0), ...number(65536)];
    const moduleOf = (functions, memories) => {
      const all = Object.entries(functions);
      return new Uint8Array([
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        ...section(1, vector(all.map(([, [takes, gives]]) => [0x60, ...vector(takes), ...vector(gives)]))),
        ...section(2, vector(memories.map((name) => [...text('m'), ...text(name), 0x02, ...anyShared]))),
        ...section(3, vector(all.map((_, index) => number(index)))),
        ...section(7, vector(all.map(([name], index) => [...text(name), 0, ...number(index)]))),
        ...section(10, vector(all.map(([, [, , body]]) => bytes([0, ...body, end])))),
      ]);
    };
    let code = moduleOf({...words, ...copies}, ['shared', 'own']);
    if (!WebAssembly.validate(code)) code = moduleOf(words, ['shared']);
    return new WebAssembly.Instance(new WebAssembly.Module(code), {m: {shared, own}}).exports;
  },

  $weftShared__deps: ['$PThread', '$weftWords', '$weftBytes', '$weftOperations',
    ...['load', 'store', 'exchange', 'compare_exchange', 'add', 'and', 'or', 'wait', 'wake', 'enter', 'leave',
      'write', 'read']
      .map((name) => `weft_shared_${name}`)],
  $weftShared__postset: 'weftShared.prepare();',
  $weftShared: {
    take({shared, own}) {
      weftWords = new Int32Array(shared.buffer);
      weftBytes = new Uint8Array(shared.buffer);
      const operations = weftOperations(shared, own);
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
      if (ENVIRONMENT_IS_PTHREAD) weftShared.listen();
      else if (Module['weftShared']) weftShared.give({shared: Module['weftShared'], own: Module['wasmMemory']});
    },

    // Messages arrive in the order they were sent: this one before the runtime's first.
    give(memories) {
      weftShared.take(memories);
      const load = PThread.loadWasmModuleToWorker;
      PThread.loadWasmModuleToWorker = (worker) => {
        worker.postMessage({weftShared: memories});
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

  // Without a shared memory nobody calls these; with one they are replaced.
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

  // Where modules have one memory only. A loop is faster than the making of a view as long as there is
  // little to copy.
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
