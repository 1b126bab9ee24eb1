import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Chunk } from '../../web/src/trace/chunk.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { decodeRecord, slotsAt, slotWords } from '../../web/src/trace/record.ts';
import { DamagedRings, RingReader } from '../../web/src/trace/ring_reader.ts';
import { RingWriter } from './support/ring_writer.ts';

class Chunks {
  readonly list: Chunk[] = [];

  push(chunk: Chunk): void {
    this.list.push(chunk);
  }

  records() {
    return this.list.flatMap(({ ring, words }) => {
      const records = [];
      for (let base = 0; base < words.length; base += slotsAt(words, base) * slotWords) {
        records.push({ ring, ...decodeRecord(words, base / slotWords) });
      }
      return records;
    });
  }
}

function drain(reader: RingReader, budget?: number): Chunks {
  const chunks = new Chunks();
  reader.drain(chunks, budget);
  return chunks;
}

const record = (time: number, thread = 1) => ({ time, thread, kind: Kind.mark });
const line = (time: number, text: string) => ({
  time,
  thread: 1,
  kind: Kind.console,
  payload: new TextEncoder().encode(text),
});

test('records come in order, with all their fields', () => {
  const writer = new RingWriter({ process: 7 });
  writer.addRing();
  const fields = {
    time: 2 ** 40 + 5,
    kind: Kind.queue_put,
    thread: 0xfffffe,
    object: 0xfffffffe,
    sequence: 0x80000001,
    detail: 0xffffffff,
    argumentLow: 0xdeadbeef,
    argumentHigh: 0xfeedface,
  };
  writer.write(0, fields);
  writer.write(0, record(2 ** 40 + 6));
  const chunks = drain(new RingReader(writer.memory, writer.directory));
  assert.equal(chunks.list.length, 1);
  assert.equal(chunks.list[0]!.process, 7);
  const [first, second] = chunks.records();
  assert.partialDeepStrictEqual(first, fields);
  assert.equal(second!.time, 2 ** 40 + 6);
});

test('the copy is not shared and the writer gets its room back', () => {
  const writer = new RingWriter({ capacity: 4 });
  writer.addRing();
  const reader = new RingReader(writer.memory, writer.directory);
  for (let i = 0; i < 4; i += 1) assert.ok(writer.write(0, record(i)));
  assert.equal(writer.write(0, record(4)), false);
  const chunks = drain(reader);
  assert.ok(chunks.list[0]!.words.buffer instanceof ArrayBuffer);
  assert.equal(writer.get(0, 'tail'), 4);
  for (let i = 5; i < 9; i += 1) assert.ok(writer.write(0, record(i)));
  assert.deepEqual(
    chunks.records().map(({ time }) => time),
    [0, 1, 2, 3],
  );
});

test('records wrap around the end of the ring, and counters around 2^32', () => {
  const writer = new RingWriter({ capacity: 8 });
  writer.addRing();
  writer.set(0, 'head', 2 ** 32 - 3);
  writer.set(0, 'tail', 2 ** 32 - 3);
  const reader = new RingReader(writer.memory, writer.directory);
  let time = 0;
  const seen: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (let i = 0; i < 1 + (round % 8); i += 1) assert.ok(writer.write(0, record(time++)));
    seen.push(
      ...drain(reader)
        .records()
        .map((each) => each.time),
    );
  }
  assert.deepEqual(
    seen,
    Array.from({ length: time }, (_, i) => i),
  );
  assert.equal(writer.get(0, 'tail'), writer.get(0, 'head'));
});

test('a payload is in one piece wherever the ring ends within it', () => {
  const text = 'a line that takes three slots of the ring, which is more than 64 bytes';
  for (let offset = 0; offset < 8; offset += 1) {
    const writer = new RingWriter({ capacity: 8 });
    writer.addRing();
    const reader = new RingReader(writer.memory, writer.directory);
    for (let i = 0; i < offset; i += 1) writer.write(0, record(i));
    drain(reader);
    assert.ok(writer.write(0, line(100, text)));
    assert.ok(writer.write(0, line(101, '')));
    assert.ok(writer.write(0, record(102)));
    const records = drain(reader).records();
    assert.deepEqual(
      records.map(({ time }) => time),
      [100, 101, 102],
    );
    assert.equal(new TextDecoder().decode(records[0]!.payload), text);
    assert.equal(records[1]!.payload.length, 0);
  }
});

test('what a writer dropped is told once', () => {
  const writer = new RingWriter({ capacity: 2 });
  writer.addRing();
  const reader = new RingReader(writer.memory, writer.directory);
  for (let i = 0; i < 5; i += 1) writer.write(0, record(i));
  assert.deepEqual(
    drain(reader).list.map(({ dropped }) => dropped),
    [3],
  );
  writer.set(0, 'dropped', 5);
  const later = drain(reader);
  assert.deepEqual(
    later.list.map(({ dropped, words }) => [dropped, words.length]),
    [[2, 0]],
  );
  assert.deepEqual(drain(reader).list, []);
});

test('rings that appear later are found', () => {
  const writer = new RingWriter();
  const reader = new RingReader(writer.memory, writer.directory);
  assert.deepEqual(drain(reader).list, []);
  writer.addRing();
  writer.write(0, record(1));
  assert.deepEqual(
    drain(reader)
      .records()
      .map(({ ring }) => ring),
    [0],
  );
  writer.addRing();
  writer.write(1, record(2, 2));
  writer.write(0, record(3));
  assert.deepEqual(
    drain(reader)
      .records()
      .map(({ ring, time }) => [ring, time]),
    [
      [0, 3],
      [1, 2],
    ],
  );
});

test('a ring whose writer has a backlog, or that was not read to its end, announces more, and takes it back', () => {
  const writer = new RingWriter({ capacity: 4 });
  writer.addRing();
  const reader = new RingReader(writer.memory, writer.directory);
  for (let i = 0; i < 4; i += 1) writer.write(0, record(i));
  writer.set(0, 'backlog', 1);
  assert.deepEqual(
    drain(reader).list.map(({ more }) => more),
    [true],
  );
  assert.deepEqual(
    drain(reader).list.map(({ more, words }) => [more, words.length]),
    [[true, 0]],
  );
  writer.set(0, 'backlog', 0);
  assert.deepEqual(
    drain(reader).list.map(({ more, words }) => [more, words.length]),
    [[false, 0]],
  );
  assert.deepEqual(drain(reader).list, []);
  for (let i = 0; i < 3; i += 1) writer.write(0, record(i));
  assert.deepEqual(
    drain(reader, 1).list.map(({ more }) => more),
    [true],
  );
  assert.deepEqual(
    drain(reader).list.map(({ more }) => more),
    [false],
  );
});

test('the budget is shared fairly and splits no record from its payload', () => {
  const writer = new RingWriter({ capacity: 64 });
  for (let ring = 0; ring < 3; ring += 1) writer.addRing();
  for (let i = 0; i < 15; i += 1) writer.write(0, line(i, 'x'.repeat(90)));
  for (let i = 0; i < 30; i += 1) writer.write(1, record(i));
  writer.write(2, record(1));
  const reader = new RingReader(writer.memory, writer.directory);
  const first = drain(reader, 45);
  const slots = first.list.map(({ words }) => words.length / slotWords);
  assert.deepEqual(
    slots.map((count) => count > 0),
    [true, true, true],
  );
  assert.ok(slots[0]! % 4 === 0 && slots[0]! < 60, `${slots}`);
  assert.ok(slots.reduce((a, b) => a + b) <= 45 + 3 * 4);
  const all = [...first.records()];
  for (let i = 0; i < 10; i += 1) all.push(...drain(reader, 45).records());
  for (const [ring, count] of [
    [0, 15],
    [1, 30],
    [2, 1],
  ] as const) {
    assert.equal(all.filter((each) => each.ring === ring).length, count);
  }
});

test('a waiting writer is woken', async () => {
  const writer = new RingWriter({ capacity: 2 });
  writer.addRing();
  const reader = new RingReader(writer.memory, writer.directory);
  writer.write(0, record(0));
  writer.write(0, record(1));
  const thread = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const atoms = new Int32Array(workerData.memory);
     Atomics.store(atoms, workerData.backlog, 2);
     parentPort.postMessage('waits');
     parentPort.postMessage(Atomics.wait(atoms, workerData.tail, 0, 10000));`,
    {
      eval: true,
      workerData: {
        memory: writer.memory,
        backlog: writer.wordOf(0, 'backlog'),
        tail: writer.wordOf(0, 'tail'),
      },
    },
  );
  const messages: string[] = [];
  const result = new Promise<string>((resolve) => {
    thread.on('message', (message: string) => {
      messages.push(message);
      if (messages.length === 1) setTimeout(() => drain(reader), 50);
      else resolve(message);
    });
  });
  // "not-equal": it had not fallen asleep yet, which is as good.
  assert.match(await result, /^(ok|not-equal)$/);
  await thread.terminate();
});

test('damaged memory is refused, not read', () => {
  const writer = new RingWriter();
  assert.throws(() => new RingReader(writer.memory, 0), DamagedRings);
  assert.throws(() => new RingReader(writer.memory, 66), DamagedRings);
  assert.throws(() => new RingReader(writer.memory, writer.directory + 4), DamagedRings);
  assert.throws(() => new RingReader(writer.memory, writer.memory.byteLength), DamagedRings);
  const reader = new RingReader(writer.memory, writer.directory);
  writer.addRing();
  writer.set(0, 'head', writer.capacity + 1);
  assert.throws(() => drain(reader), DamagedRings);
  writer.words[writer.directory / 4 + 8 + 1] = writer.memory.byteLength - 64;
  Atomics.store(writer.atoms, writer.directory / 4 + 5, 2);
  assert.throws(() => drain(new RingReader(writer.memory, writer.directory)), DamagedRings);
});
