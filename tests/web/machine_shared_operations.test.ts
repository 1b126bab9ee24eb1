import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The module that the core's operations on the shared memory are made of. */

interface Operations {
  load(word: number): number;
  store(word: number, value: number): void;
  exchange(word: number, value: number): number;
  compare_exchange(word: number, expected: number, desired: number): number;
  add(word: number, value: number): number;
  and(word: number, value: number): number;
  or(word: number, value: number): number;
  wait(word: number, expected: number, milliseconds: number): number;
  enter(inside: number, killed: number, number: number, own: number): number;
  leave(inside: number, killed: number): void;
  write?(to: number, from: number, bytes: number): void;
  read?(to: number, from: number, bytes: number): void;
}

const file = new URL('../../src/weft/platform/wasm/shared_operations.js', import.meta.url);
let library: { $weftCompileOperations?: string } = {};
new Function('addToLibrary', readFileSync(file, 'utf8'))((entries: typeof library) => (library = entries));
const compile = new Function(`return (${library.$weftCompileOperations})();`) as () => WebAssembly.Module;

const newMemory = () => new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });

function open() {
  const memories = { shared: newMemory(), own: newMemory() };
  const { exports } = new WebAssembly.Instance(compile(), { m: memories });
  return {
    operations: exports as unknown as Operations,
    words: new Int32Array(memories.shared.buffer),
    shared: new Uint8Array(memories.shared.buffer),
    own: new Uint8Array(memories.own.buffer),
  };
}

test('operations on words return what was there before', () => {
  const { operations, words } = open();
  operations.store(8, 5);
  assert.equal(operations.load(8), 5);
  assert.equal(operations.add(8, 2), 5);
  assert.equal(operations.or(8, 8), 7);
  assert.equal(operations.and(8, 12), 15);
  assert.equal(operations.exchange(8, 1), 12);
  assert.equal(operations.compare_exchange(8, 2, 3), 1);
  assert.equal(operations.compare_exchange(8, 1, 3), 1);
  assert.equal(words[2], 3);
  assert.equal(operations.wait(8, 4, -1), 1); // it is another one already
  assert.equal(operations.wait(8, 3, 1), 0); // the time is up
});

test('a process that was killed, or whose slot is another’s, does not enter', () => {
  const { operations, words } = open();
  const [inside, killed, number] = [4, 8, 12];
  words[3] = 7;
  assert.equal(operations.enter(inside, killed, number, 7), 1);
  assert.equal(operations.enter(inside, killed, number, 0), 1); // the first process
  assert.equal(words[1], 2);
  assert.equal(operations.enter(inside, killed, number, 6), 0);
  words[2] = 1;
  assert.equal(operations.enter(inside, killed, number, 7), 0);
  for (let i = 0; i < 4; i += 1) operations.leave(inside, killed);
  assert.equal(words[1], 0);
});

test('bytes are copied between the memories, however many and wherever they lie', () => {
  const { operations, shared, own } = open();
  const ways = [
    { copy: operations.write!, to: shared, from: own },
    { copy: operations.read!, to: own, from: shared },
  ];
  for (const { copy, to, from } of ways) {
    for (const index of from.keys()) from[index] = index * 7;
    for (const bytes of [0, 1, 2, 3, 4, 7, 8, 9, 15, 64, 72, 511, 512, 513, 4099]) {
      for (const [target, source] of [
        [16, 0],
        [17, 3],
        [24, 65530],
      ] as const) {
        to.fill(0);
        copy(target, source, bytes);
        assert.deepEqual(to.slice(target, target + bytes), from.slice(source, source + bytes));
        assert.ok(to.subarray(0, target).every((byte) => byte === 0));
        assert.ok(to.subarray(target + bytes).every((byte) => byte === 0));
      }
    }
  }
});

test('where modules have one memory only, copies are not part of it', (context) => {
  const { validate } = WebAssembly;
  context.mock.method(WebAssembly, 'validate', (code: BufferSource) => {
    const hasOneMemory = !WebAssembly.Module.imports(new WebAssembly.Module(code)).some(({ name }) => name === 'own');
    return hasOneMemory && validate(code);
  });
  const { operations, words } = open();
  operations.store(0, 9);
  assert.equal(words[0], 9);
  assert.equal(operations.write, undefined);
});
