import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gates } from '../../web/src/folds/gates.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Holding } from '../../web/src/folds/holding.ts';
import { threadKey } from '../../web/src/folds/fold.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { firstSharedObject, Kind } from '../../web/src/trace/kinds.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function folded<F extends Fold>(fold: F, list: FakeRecord[]): F {
  fold.take(new FakeRecords(list), 0, list.length);
  return fold;
}

test('holders: a lock goes from hand to hand', () => {
  const holders = folded(new Holders(), [
    { kind: Kind.lock_acquire, time: 10, thread: 2, object: 5 },
    { kind: Kind.lock_release, time: 30, thread: 2, object: 5 },
    { kind: Kind.lock_acquire, time: 35, thread: 3, object: 5 },
    { kind: Kind.lock_acquire, time: 40, thread: 3, object: 6 },
  ]);
  const [lock] = holders.locks;
  assert.deepEqual([lock!.acquisitions, lock!.held, lock!.longest, lock!.holding.holder, lock!.since], [2, 20, 20, threadKey(1, 3), 35]);
  assert.deepEqual(
    holders.heldBy(1, 3).map(({ object }) => object),
    [5, 6],
  );
  assert.deepEqual(holders.heldBy(1, 2), []);
  assert.deepEqual(holders.heldBy(2, 3), [], 'threads are numbered within their process');
});

test('holders: only the outermost level of an RLock counts', () => {
  const { locks } = folded(new Holders(), [
    { kind: Kind.lock_acquire, time: 10, thread: 2, object: 5, argument: 1 },
    { kind: Kind.lock_acquire, time: 12, thread: 2, object: 5, argument: 2 },
    { kind: Kind.lock_release, time: 14, thread: 2, object: 5, argument: 1 },
    { kind: Kind.lock_release, time: 20, thread: 2, object: 5, argument: 0 },
  ]);
  assert.deepEqual([locks[0]!.acquisitions, locks[0]!.held, locks[0]!.holding.holder], [1, 10, 0]);
});

test('holders: many may read, one writes', () => {
  const list: FakeRecord[] = [
    { kind: Kind.read_acquire, time: 10, thread: 2, object: 5, argument: 1 },
    { kind: Kind.read_acquire, time: 12, thread: 3, object: 5, argument: 2 },
    { kind: Kind.read_release, time: 20, thread: 2, object: 5, argument: 1 },
    { kind: Kind.read_release, time: 25, thread: 3, object: 5, argument: 0 },
    { kind: Kind.write_acquire, time: 30, thread: 4, object: 5 },
    { kind: Kind.write_release, time: 36, thread: 4, object: 5 },
  ];
  const reading = folded(new Holders(), list.slice(0, 2));
  assert.deepEqual(reading.heldBy(1, 3).length, 1);
  assert.deepEqual([...reading.locks[0]!.readers.keys()], [threadKey(1, 2), threadKey(1, 3)]);
  const [lock] = folded(new Holders(), list).locks;
  assert.deepEqual(
    [lock!.acquisitions, lock!.reads, lock!.mostReaders, lock!.held, lock!.longest, lock!.readers.size],
    [3, 2, 2, 21, 15, 0],
  );
});

const sharedLock = firstSharedObject + 3;

test('holders: a lock that processes share is one lock, and who died holding it has it no more', () => {
  const list: FakeRecord[] = [
    { kind: Kind.lock_acquire, time: 10, process: 2, thread: 1, object: sharedLock },
    { kind: Kind.lock_release, time: 20, process: 2, thread: 1, object: sharedLock },
    { kind: Kind.lock_acquire, time: 20, process: 3, thread: 1, object: sharedLock },
    { kind: Kind.process_end, time: 30, process: 1, thread: 9, argument: 3, detail: -9 },
    { kind: Kind.abandon, time: 31, process: 1, thread: 9, object: sharedLock },
  ];
  const before = folded(new Holders(), list.slice(0, 4));
  assert.equal(before.locks.length, 1);
  assert.equal(before.locks[0]!.holding.holder, threadKey(3, 1), 'until whoever cleans up has broken it');
  assert.deepEqual(
    before.heldBy(3, 1).map(({ object }) => object),
    [sharedLock],
  );
  const [lock] = folded(new Holders(), list).locks;
  assert.deepEqual([lock!.holding.holder, lock!.abandoned, lock!.held, lock!.acquisitions], [0, true, 21, 2]);
  assert.equal(lock!.holding.at(15), threadKey(2, 1));
});

test('holders: locks of a process end with it', () => {
  const { locks } = folded(new Holders(), [
    { kind: Kind.lock_acquire, time: 10, process: 2, thread: 1, object: 5 },
    { kind: Kind.lock_acquire, time: 10, process: 1, thread: 1, object: 5 },
    { kind: Kind.process_end, time: 30, process: 1, thread: 9, argument: 2, detail: 0 },
  ]);
  assert.deepEqual(
    locks.map(({ holding, abandoned }) => [holding.holder, abandoned]),
    [
      [0, false],
      [threadKey(1, 1), false],
    ],
  );
});

test('holding: a column of pixels shows who had it longest in it, and nobody only if nobody had it', () => {
  const holding = new Holding();
  for (const [time, thread] of [
    [10, 2],
    [13, 0],
    [14, 3],
    [19, 0],
    [40, 4],
  ] as const)
    holding.push(time, thread);
  assert.equal(holding.mainIn(10, 20, 100), 3);
  assert.equal(holding.mainIn(12, 14, 100), 2);
  assert.equal(holding.mainIn(20, 40, 100), 0);
  assert.equal(holding.mainIn(0, 10, 100), 0);
  assert.equal(holding.mainIn(30, 60, 100), 4, 'the last one has it until now');
});

test('gates: a semaphore’s value', () => {
  const { semaphores } = folded(new Gates(), [
    { kind: Kind.semaphore_open, time: 0, object: 7, argument: 2 },
    { kind: Kind.semaphore_acquire, time: 10, object: 7, argument: 1 },
    { kind: Kind.semaphore_acquire, time: 20, object: 7, argument: 0 },
    { kind: Kind.semaphore_release, time: 30, object: 7, argument: 2, detail: 2 },
  ]);
  const [semaphore] = semaphores;
  assert.deepEqual([semaphore!.initial, semaphore!.acquired, semaphore!.released], [2, 2, 2]);
  assert.deepEqual(
    [0, 15, 25, 35].map((time) => semaphore!.value.at(time)),
    [2, 1, 0, 2],
  );
});

test('gates: threads gather at a barrier, pass it, break it', () => {
  const list: FakeRecord[] = [
    { kind: Kind.barrier_open, time: 0, object: 8, argument: 2 },
    { kind: Kind.barrier_arrive, time: 10, thread: 2, object: 8, argument: 1, detail: 1 },
    { kind: Kind.barrier_arrive, time: 20, thread: 3, object: 8, argument: 0, detail: 2 },
    { kind: Kind.barrier_pass, time: 21, thread: 3, object: 8 },
    { kind: Kind.barrier_arrive, time: 30, thread: 2, object: 8, argument: 1, detail: 1 },
    { kind: Kind.barrier_break, time: 40, thread: 3, object: 8 },
    { kind: Kind.barrier_reset, time: 50, thread: 3, object: 8 },
  ];
  const [barrier] = folded(new Gates(), list).barriers;
  assert.deepEqual([barrier!.parties, barrier!.passes, barrier!.broken], [2, 1, false]);
  assert.deepEqual(
    [15, 20, 25, 35, 45].map((time) => barrier!.waiting.at(time)),
    [1, 2, 0, 1, 0],
  );
  assert.equal(folded(new Gates(), list.slice(0, 6)).barriers[0]!.broken, true);
});

test('a column of pixels knows for which share of its time a lock was held', () => {
  const holding = new Holding();
  for (const [time, holder] of [
    [10, 1],
    [20, 0],
    [50, 2],
    [60, 0],
  ] as const)
    holding.push(time, holder);
  assert.equal(holding.shareIn(0, 100, 100), 0.2);
  assert.equal(holding.shareIn(12, 18, 100), 1);
  assert.equal(holding.shareIn(20, 50, 100), 0);
  assert.equal(holding.shareIn(15, 25, 100), 0.5);
  assert.equal(new Holding().shareIn(0, 100, 100), 0);
  // Of very many, the first ones stand for all.
  const busy = new Holding();
  for (let time = 0; time < 1000; time += 1) busy.push(time, time % 2);
  assert.ok(Math.abs(busy.shareIn(0, 1000, 1000) - 0.5) < 0.02);
});
