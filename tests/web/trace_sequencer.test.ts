import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSharedObject, Kind } from '../../web/src/trace/kinds.ts';
import { decodeRecord, slotWords } from '../../web/src/trace/record.ts';
import type { RecordFields } from '../../web/src/trace/record.ts';
import { Sequencer } from '../../web/src/trace/sequencer.ts';
import { chunkOf } from './support/ring_writer.ts';

class Order {
  readonly records: (Required<RecordFields> & { process: number })[] = [];

  append(process: number, _time: number, words: Uint32Array, base: number): void {
    this.records.push({ process, ...decodeRecord(words, base / slotWords) });
  }

  /** E.g. "1@5": thread 1 at 5. */
  get text(): string {
    return this.records.map(({ thread, time }) => `${thread}@${time}`).join(' ');
  }
}

function setup() {
  const order = new Order();
  return { order, sequencer: new Sequencer(order) };
}

const at = (time: number, thread: number, object = 0, sequence = 0): RecordFields => ({
  time,
  thread,
  object,
  sequence,
  kind: Kind.queue_put,
});

test('threads are merged by time; equal times go by ring', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(2, 2), at(5, 2), at(5, 2)], { ring: 1 }));
  sequencer.push(chunkOf([at(1, 1), at(5, 1), at(9, 1)], { ring: 0 }));
  sequencer.flush();
  assert.equal(order.text, '1@1 2@2 1@5 2@5 2@5 1@9');
});

test('the order of a thread is kept even where its times go back', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(10, 1), at(3, 1), at(11, 1)], { ring: 0 }));
  sequencer.push(chunkOf([at(4, 2), at(12, 2)], { ring: 1 }));
  sequencer.flush();
  assert.equal(order.text, '2@4 1@10 1@3 1@11 2@12');
});

test('sequence numbers decide where times tie or are inverted', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(5, 1, 7, 2), at(5, 1, 7, 3)], { ring: 0 }));
  sequencer.push(chunkOf([at(5, 2, 7, 1), at(4, 2, 7, 4)], { ring: 1 }));
  sequencer.flush();
  assert.deepEqual(
    order.records.map(({ sequence }) => sequence),
    [1, 2, 3, 4],
  );
  assert.equal(sequencer.gaps, 0);
});

test('objects of different processes have nothing to do with each other', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(2, 1, 7, 1)], { process: 1 }));
  sequencer.push(chunkOf([at(1, 1, 7, 1), at(3, 1, 7, 2)], { process: 2 }));
  sequencer.flush();
  assert.deepEqual(
    order.records.map(({ process, time }) => [process, time]),
    [
      [2, 1],
      [1, 2],
      [2, 3],
    ],
  );
  assert.equal(sequencer.gaps, 0);
});

test('objects that processes share are in one order across them', () => {
  const { order, sequencer } = setup();
  const object = firstSharedObject + 7;
  sequencer.push(chunkOf([at(1, 1, object, 2), at(5, 1, 7, 1)], { process: 1 }));
  sequencer.push(chunkOf([at(3, 1, object, 1), at(4, 1, object, 3)], { process: 2 }));
  sequencer.advance(1000);
  assert.deepEqual(
    order.records.map(({ process, sequence, time }) => [process, sequence, time]),
    [
      [2, 1, 3],
      [1, 2, 1],
      [2, 3, 4],
      [1, 1, 5],
    ],
  );
  assert.equal(sequencer.gaps, 0);
});

test('what a process that was killed took a place for is not waited for long', () => {
  const { order, sequencer } = setup();
  const object = firstSharedObject + 7;
  sequencer.push(chunkOf([at(1, 1, object, 1)], { process: 2 }));
  sequencer.push(chunkOf([at(2, 1, object, 3)], { process: 1 }));
  sequencer.advance(100e6);
  assert.equal(order.records.length, 1);
  sequencer.endProcess(2, true);
  sequencer.advance(100e6);
  assert.equal(order.records.length, 2);
  assert.deepEqual([sequencer.gaps, sequencer.missing], [1, 1]);
});

test('a process that ended in the middle of something does not keep the others waiting', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(1, 1)], { process: 2, more: true }));
  sequencer.push(chunkOf([at(5, 1)], { process: 1 }));
  sequencer.advance(1000);
  assert.equal(order.records.length, 1);
  sequencer.endProcess(2, false);
  sequencer.advance(1000);
  assert.equal(order.records.length, 2);
  sequencer.push(chunkOf([at(6, 1)], { process: 1 }));
  sequencer.advance(1000);
  assert.equal(order.records.length, 3);
});

test('what is younger than the given time waits', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(1, 1), at(20, 1)], { ring: 0 }));
  sequencer.advance(10);
  assert.equal(order.text, '1@1');
  sequencer.push(chunkOf([at(15, 2)], { ring: 1 }));
  sequencer.advance(30);
  assert.equal(order.text, '1@1 2@15 1@20');
});

test('a record is held back until its predecessor arrives, and all later ones with it', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(10, 1, 7, 2), at(11, 1)], { ring: 0 }));
  sequencer.push(chunkOf([at(9, 2), at(12, 2)], { ring: 1 }));
  sequencer.advance(1000);
  assert.equal(order.text, '2@9');
  sequencer.push(chunkOf([at(13, 2, 7, 1)], { ring: 1 }));
  sequencer.advance(1000);
  assert.equal(order.text, '2@9 2@12 2@13 1@10 1@11');
  assert.equal(sequencer.gaps, 0);
});

test('when that takes long, other threads go on', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(10, 1, 7, 2), at(11, 1)], { ring: 0 }));
  sequencer.push(chunkOf([at(12, 2)], { ring: 1 }));
  sequencer.advance(19e6);
  assert.equal(order.text, '');
  sequencer.advance(21e6);
  assert.equal(order.text, '2@12');
  sequencer.push(chunkOf([at(13, 2, 7, 1)], { ring: 1 }));
  sequencer.advance(1000);
  assert.equal(order.text, '2@12 2@13 1@10 1@11');
  assert.equal(sequencer.gaps, 0);
});

test('a thread that has more to write, and does not, holds nobody up for long', () => {
  const { sequencer, order } = setup();
  const ms = 1e6;
  sequencer.push(chunkOf([at(1, 1)], { ring: 0, more: true }));
  sequencer.push(chunkOf([at(3, 2)], { ring: 1 }));
  for (const time of [5, 10 * ms, 500 * ms]) {
    sequencer.advance(time);
    sequencer.push(chunkOf([], { ring: 0, more: true }));
    assert.equal(order.text, '1@1');
  }
  sequencer.advance(511 * ms);
  assert.equal(order.text, '1@1 2@3');
  // It is waited for again once it has written.
  sequencer.push(chunkOf([at(4, 1)], { ring: 0, more: true }));
  sequencer.push(chunkOf([at(700 * ms, 2)], { ring: 1 }));
  sequencer.advance(800 * ms);
  assert.equal(order.records.length, 3);
  sequencer.push(chunkOf([at(600 * ms, 1)], { ring: 0 }));
  sequencer.advance(900 * ms);
  assert.deepEqual(
    order.records.map(({ thread }) => thread),
    [1, 2, 1, 1, 2],
  );
});

test('nothing overtakes a ring that announced more', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(1, 1)], { ring: 0, more: true }));
  sequencer.push(chunkOf([at(5, 2)], { ring: 1 }));
  sequencer.advance(1000);
  assert.equal(order.text, '1@1');
  sequencer.push(chunkOf([at(2, 1)], { ring: 0, more: true }));
  sequencer.push(chunkOf([], { ring: 0, more: false }));
  sequencer.advance(1000);
  assert.equal(order.text, '1@1 1@2 2@5');
});

test('a gap is given up after a while, at once at the end', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(0, 1, 7, 4)], { ring: 0 }));
  sequencer.advance(400e6);
  assert.equal(order.text, '');
  sequencer.advance(600e6);
  assert.equal(order.text, '1@0');
  assert.deepEqual([sequencer.gaps, sequencer.missing], [1, 3]);
  sequencer.push(chunkOf([at(700e6, 1, 7, 6)], { ring: 0 }));
  sequencer.flush();
  assert.equal(order.records.length, 2);
  assert.deepEqual([sequencer.gaps, sequencer.missing], [2, 4]);
});

test('after a loss gaps are given up soon; what comes late all the same is shown', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(0, 1, 7, 3)], { ring: 0, dropped: 2 }));
  sequencer.advance(50e6);
  assert.equal(order.text, '1@0');
  assert.deepEqual([sequencer.gaps, sequencer.missing, sequencer.dropped], [1, 2, 2]);
  sequencer.push(chunkOf([at(60e6, 2, 7, 2)], { ring: 1 }));
  sequencer.push(chunkOf([at(61e6, 2, 7, 4)], { ring: 1 }));
  sequencer.advance(100e6);
  assert.equal(order.records.length, 3);
  assert.equal(sequencer.gaps, 1);
});

test('a gap does not let a record overtake one of its object that is held elsewhere', () => {
  const { order, sequencer } = setup();
  // 7:1 and 8:1 are lost. 7:3 is the earliest, but 7:2 is still behind 8:2.
  sequencer.push(chunkOf([at(1, 1, 7, 3)], { ring: 0 }));
  sequencer.push(chunkOf([at(2, 2, 8, 2), at(3, 2, 7, 2)], { ring: 1 }));
  sequencer.flush();
  assert.equal(order.text, '2@2 2@3 1@1');
  assert.deepEqual([sequencer.gaps, sequencer.missing], [2, 2]);
});

test('contradictory records end, in some order', () => {
  const { order, sequencer } = setup();
  sequencer.push(chunkOf([at(1, 1, 7, 2), at(2, 1, 8, 1)], { ring: 0 }));
  sequencer.push(chunkOf([at(1, 2, 8, 2), at(2, 2, 7, 1)], { ring: 1 }));
  sequencer.flush();
  assert.equal(order.records.length, 4);
});

test('payloads are passed over', () => {
  const { order, sequencer } = setup();
  const payload = new Uint8Array(100).fill(255);
  sequencer.push(chunkOf([{ ...at(1, 1), kind: Kind.console, payload }, at(2, 1)]));
  sequencer.flush();
  assert.equal(order.text, '1@1 1@2');
  assert.deepEqual(order.records[0]!.payload, payload);
});

/** Deterministic numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Recorded extends RecordFields {
  ring: number;
}

/** A run of some threads on some objects, whose clock is coarse and differs from thread to thread. */
function inventRun(random: () => number, { losing = 0, firstObject = 1 } = {}): Recorded[][] {
  const threads = 1 + Math.floor(random() * 5);
  const objects = 1 + Math.floor(random() * 4);
  const last = new Array<number>(objects + 1).fill(0);
  const rings: Recorded[][] = Array.from({ length: threads }, () => []);
  let now = 0;
  for (let step = 0; step < 120; step += 1) {
    now += random() < 0.5 ? 0 : Math.floor(random() * 8);
    const ring = Math.floor(random() * threads);
    const time = Math.max(rings[ring]!.at(-1)?.time ?? 0, now - (now % 5) + Math.floor(random() * 5));
    const which = random() < 0.3 ? -1 : Math.floor(random() * objects);
    const object = which < 0 ? 0 : firstObject + which;
    const sequence = which < 0 ? 0 : ++last[which]!;
    const fields = { ...at(time, ring + 1, object, sequence), ring };
    if (random() >= losing) rings[ring]!.push(fields);
  }
  return rings;
}

/** The rule itself, said slowly: the earliest head whose predecessors on its object are out. */
function bruteForce(rings: readonly Recorded[][]): Recorded[] {
  const queues = rings.map((ring) => [...ring]);
  const last = new Map<number, number>();
  const order: Recorded[] = [];
  for (;;) {
    const heads = queues.flatMap((queue) => queue.slice(0, 1));
    if (heads.length === 0) return order;
    const due = heads.filter(({ object, sequence }) => sequence === 0 || sequence === (last.get(object!) ?? 0) + 1);
    due.sort((a, b) => a.time - b.time || a.ring - b.ring);
    const next = due[0]!;
    queues[next.ring]!.shift();
    if (next.sequence) last.set(next.object!, next.sequence);
    order.push(next);
  }
}

const bare = ({ time, thread, object, sequence }: RecordFields) => [time, thread, object, sequence];

test('property: the order is the brute force’s, whatever the chunks', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomNumbers(seed);
    const rings = inventRun(random);
    const { order, sequencer } = setup();
    const rest = rings.map((ring) => [...ring]);
    while (rest.some((ring) => ring.length > 0)) {
      const ring = Math.floor(random() * rest.length);
      const part = rest[ring]!.splice(0, Math.floor(random() * 12));
      sequencer.push(chunkOf(part, { ring }));
    }
    sequencer.flush();
    assert.deepEqual(order.records.map(bare), bruteForce(rings).map(bare), `seed ${seed}`);
  }
});

test('property: the same with a process a ring, on objects that they share', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = randomNumbers(seed);
    const rings = inventRun(random, { firstObject: firstSharedObject });
    const { order, sequencer } = setup();
    const rest = rings.map((ring) => [...ring]);
    while (rest.some((ring) => ring.length > 0)) {
      const ring = Math.floor(random() * rest.length);
      sequencer.push(chunkOf(rest[ring]!.splice(0, Math.floor(random() * 12)), { process: ring + 1 }));
    }
    sequencer.flush();
    assert.deepEqual(order.records.map(bare), bruteForce(rings).map(bare), `seed ${seed}`);
  }
});

test('property: read live, no order is broken and nothing is lost', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomNumbers(seed);
    const rings = inventRun(random);
    const { order, sequencer } = setup();
    const rest = rings.map((ring) => [...ring]);
    for (let now = 0; rest.some((ring) => ring.length > 0); now += Math.floor(random() * 60)) {
      for (const [ring, records] of rest.entries()) {
        const visible = records.findIndex(({ time }) => time > now + random() * 10);
        const count = visible < 0 ? records.length : visible;
        const taken = Math.min(count, Math.floor(random() * 20));
        sequencer.push(chunkOf(records.splice(0, taken), { ring, more: taken < count }));
      }
      sequencer.advance(now);
    }
    sequencer.flush();
    checkOrders(order, rings, seed);
    assert.equal(sequencer.gaps, 0);
  }
});

test('property: with losses, too; the gaps are those there are', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const rings = inventRun(randomNumbers(seed), { losing: 0.2 });
    const { order, sequencer } = setup();
    for (const [ring, records] of rings.entries()) {
      sequencer.push(chunkOf(records, { ring, dropped: 1 }));
    }
    sequencer.flush();
    checkOrders(order, rings, seed);
    let missing = 0;
    for (const sequences of bySequence(order).values()) {
      for (const [index, sequence] of sequences.entries()) {
        missing += sequence - (sequences[index - 1] ?? 0) - 1;
      }
    }
    assert.equal(sequencer.missing, missing, `seed ${seed}`);
  }
});

function bySequence(order: Order): Map<number, number[]> {
  const objects = new Map<number, number[]>();
  for (const { object, sequence } of order.records) {
    if (sequence !== 0) objects.set(object, [...(objects.get(object) ?? []), sequence]);
  }
  return objects;
}

function checkOrders(order: Order, rings: readonly Recorded[][], seed: number): void {
  for (const [ring, records] of rings.entries()) {
    const seen = order.records.filter(({ thread }) => thread === ring + 1);
    assert.deepEqual(seen.map(bare), records.map(bare), `thread order, seed ${seed}`);
  }
  for (const sequences of bySequence(order).values()) {
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
      `object order, seed ${seed}`,
    );
  }
}
