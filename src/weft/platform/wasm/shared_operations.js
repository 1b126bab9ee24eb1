// Operations on the shared memory, as a WebAssembly module that imports it; in engines with multi-memory it
// also imports the memory of the process. A call from WebAssembly to WebAssembly costs a fraction of a call
// to JavaScript. The exports replace the functions of the same names in shared_library.js before the core
// imports those.
//
// This file is evaluated when a program is linked, not when a worker starts, where it took a tenth of the
// start of a process.
addToLibrary((() => {
  const [i32, f64] = [0x7f, 0x7c];
  const get = (...locals) => locals.flatMap((local) => [0x20, local]);
  const constant = (value) => [0x41, value];
  const atomic = (operation) => [0xfe, operation, 2, 0];
  const [notify, wait, load, store, add, sub, and, or, exchange, compareExchange] =
    [0x00, 0x01, 0x10, 0x17, 0x1e, 0x25, 0x2c, 0x33, 0x41, 0x48].map(atomic);
  const allWaiters = constant(0x7f); // -1
  const [equal, notEqual, isZero] = [0x46, 0x47, 0x45];
  const [ifReturning, otherwise, ifNothing, end, drop] = [[0x04, i32], 0x05, [0x04, 0x40], 0x0b, 0x1a];
  const nanoseconds = [0x44, 0, 0, 0, 0, 0x80, 0x84, 0x2e, 0x41, 0xa2, 0xfc, 0x06]; // × 1e6, to i64
  const [two, three] = [[i32, i32], [i32, i32, i32]];

  // Copies between the memories. Up to 512 bytes it uses a loop, which avoids the engine's memory.copy call.
  const [sharedIndex, ownIndex] = [0, 1];
  const set = (local) => [0x21, local];
  const [lessThan, moreThan, plus, minus, bitwiseAnd] = [0x49, 0x4b, 0x6a, 0x6b, 0x71];
  const step = (local, operation, bytes) => [...get(local), ...constant(bytes), operation, ...set(local)];
  const move = (to, from, bytes, load, store) => [
    ...get(0, 1), load, 0x40, from, 0, store, 0x40, to, 0,
    ...step(0, plus, bytes), ...step(1, plus, bytes),
  ];
  const tail = (to, from, bytes, load, store) =>
    [...get(2), ...constant(bytes), bitwiseAnd, ...ifNothing, ...move(to, from, bytes, load, store), end];
  const [block, loop, exitLoop, again, returnNow] = [[0x02, 0x40], [0x03, 0x40], [0x0d, 1], [0x0c, 0], 0x0f];
  const copy = (to, from) => [
    ...get(2), 0x41, 0x80, 4, moreThan, ...ifNothing, // 512
      ...get(0, 1, 2), 0xfc, 0x0a, to, from, returnNow, end,
    ...block, ...loop, ...get(2), ...constant(8), lessThan, ...exitLoop,
      ...move(to, from, 8, 0x29, 0x37), ...step(2, minus, 8), ...again, end, end,
    ...tail(to, from, 4, 0x28, 0x36), ...tail(to, from, 2, 0x2f, 0x3b), ...tail(to, from, 1, 0x2d, 0x3a),
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
    // (word, expected, ms); a negative ms means no timeout. The instruction returns 2 on timeout.
    wait: [[i32, i32, f64], [i32],
      [...get(0, 1, 2), ...nanoseconds, ...wait, ...constant(2), notEqual]],
    // (word, count, dying): wakes all waiters while the count kDying is not 0; see process_table.h.
    wake: [three, [],
      [...get(0), ...get(2), ...load, ...ifReturning, ...allWaiters, otherwise, ...get(1), end,
        ...notify, drop]],
    // (inside, killed, number, own). The number is loaded last: when a slot is reused, the number of its
    // next process is stored before `killed` is cleared.
    enter: [[i32, i32, i32, i32], [i32],
      [...get(0), ...constant(1), ...add, drop,
        ...get(1), ...load, ...ifReturning, ...constant(0), otherwise,
        ...get(3), isZero, ...ifReturning, ...constant(1), otherwise,
        ...get(2), ...load, ...get(3), equal, end, end]],
    // (inside, killed): the thread that reaps the process waits for the last thread to leave.
    leave: [two, [],
      [...get(0), ...constant(1), ...sub, ...constant(1), equal, ...ifNothing,
        ...get(1), ...load, ...ifNothing, ...get(0), ...allWaiters, ...notify, drop, end, end]],
  };

  const number = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]);
  const vector = (items) => [...number(items.length), ...items.flat()];
  const bytes = (content) => [...number(content.length), ...content];
  const section = (id, content) => [id, ...bytes(content)];
  const text = (string) => bytes([...string].map((character) => character.charCodeAt(0)));
  const anyShared = [0x03, ...number(0), ...number(65536)];
  const moduleOf = (functions, memories) => {
    const all = Object.entries(functions);
    return [
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
      ...section(1, vector(all.map(([, [takes, gives]]) => [0x60, ...vector(takes), ...vector(gives)]))),
      ...section(2, vector(memories.map((name) => [...text('m'), ...text(name), 0x02, ...anyShared]))),
      ...section(3, vector(all.map((_, index) => number(index)))),
      ...section(7, vector(all.map(([name], index) => [...text(name), 0, ...number(index)]))),
      ...section(10, vector(all.map(([, [, , body]]) => bytes([0, ...body, end])))),
    ];
  };

  const codes = [moduleOf({...words, ...copies}, ['shared', 'own']), moduleOf(words, ['shared'])];
  return {
    // Compiles the first module that the engine accepts.
    $weftCompileOperations: `() => {
      const codes = ${JSON.stringify(codes)}.map((code) => new Uint8Array(code));
      return new WebAssembly.Module(codes.find((code) => WebAssembly.validate(code)));
    }`,
  };
})());
