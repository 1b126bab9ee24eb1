import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atRecord, atTime, stepped } from '../../web/src/app/focus.ts';
import type { Along } from '../../web/src/app/focus.ts';
import type { Focus } from '../../web/src/app/state.ts';
import type { Trace } from '../../web/src/trace/columns.ts';
import { firstSharedObject, Kind, ObjectType, Reason, Unblocked } from '../../web/src/trace/kinds.ts';
import { lastWake, nextMoment, ObjectRecords } from '../../web/src/trace/walk.ts';
import { randomNumbers, randomRun } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { TraceWriter } from './support/trace_writer.ts';

function traceOf(list: FakeRecord[]): Trace {
  const writer = new TraceWriter();
  for (const record of list) writer.addFake(record);
  return writer.trace;
}

/** Two threads, two locks; a name, which is no step. */
const trace = traceOf([
  { kind: Kind.run_start, time: 0 },
  { kind: Kind.object_name, time: 0, object: 8, detail: ObjectType.lock, payload: 'left' },
  { kind: Kind.lock_acquire, time: 10, thread: 2, object: 8 },
  { kind: Kind.blocked, time: 20, thread: 3, object: 8, detail: Reason.lock },
  { kind: Kind.lock_release, time: 30, thread: 2, object: 8, sequence: 5 },
  { kind: Kind.unblocked, time: 35, thread: 3, object: 8, detail: Unblocked.woken, argument: 2, argumentHigh: 5 },
  { kind: Kind.lock_acquire, time: 35, thread: 3, object: 8, sequence: 6 },
  { kind: Kind.work_begin, time: 40, thread: 3, detail: 1 },
  { kind: Kind.run_end, time: 50 },
]);

const focusAt = (index: number | null, more: Partial<Focus> = {}): Focus => ({ index, process: 1, thread: 0, object: 0, ...more });

/** The moments that steps from the focus lead to. */
function walk(from: Focus, by: 1 | -1, along: Along): number[] {
  const found: number[] = [];
  for (let at = stepped(trace, from, by, along); at; at = stepped(trace, at, by, along)) found.push(at.index!);
  return found;
}

test('a step goes to the next or the previous record of the thread, and ends where there is none', () => {
  assert.deepEqual(walk(focusAt(1, { thread: 3 }), 1, 'thread'), [4, 6, 7, 8]);
  assert.deepEqual(walk(focusAt(null, { thread: 3 }), -1, 'thread'), [8, 7, 6, 4]);
  assert.deepEqual(walk(focusAt(8, { thread: 3 }), -1, 'thread'), [7, 6, 4], 'the record that one is at is left');
  assert.deepEqual(walk(focusAt(9), 1, 'any'), []);
});

test('without a thread or an object any record will do, but none that gives a name only', () => {
  assert.deepEqual(walk(focusAt(1), 1, 'any'), [3, 4, 5, 6, 7, 8, 9]);
  assert.equal(stepped(trace, focusAt(7), 1, 'object')!.index, 8);
  assert.deepEqual(stepped(trace, focusAt(1), 1, 'thread'), { index: 3, process: 1, thread: 2, object: 8 });
});

test('steps along an object pass from thread to thread', () => {
  const from = focusAt(null, { thread: 2, object: 8 });
  assert.deepEqual(walk(from, -1, 'object'), [7, 6, 5, 4, 3]);
  assert.deepEqual(stepped(trace, from, -1, 'object'), { index: 7, process: 1, thread: 3, object: 8 });
});

test('a record without an object leaves the object in focus, unless it is another process’s own', () => {
  assert.deepEqual(atRecord(trace, focusAt(3, { thread: 2, object: 8 }), 7), { index: 8, process: 1, thread: 3, object: 8 });
  assert.equal(atRecord(trace, { index: 1, process: 2, thread: 1, object: 8 }, 7).object, 0);
  const shared = firstSharedObject + 1;
  assert.equal(atRecord(trace, { index: 1, process: 2, thread: 1, object: shared }, 7).object, shared);
});

test('a time is after all that happened until then; past the last record is the end', () => {
  assert.deepEqual(
    [-5, 0, 34, 35, 49, 50, 1e9].map((time) => atTime(trace, focusAt(3), time).index),
    [0, 2, 5, 7, 8, null, null],
  );
});

test('objects of the same number in other processes are others, unless processes share them', () => {
  const shared = firstSharedObject + 1;
  const both = traceOf([
    { kind: Kind.event_set, time: 1, object: 7 },
    { kind: Kind.event_set, time: 2, process: 2, object: 7 },
    { kind: Kind.event_set, time: 3, object: shared },
    { kind: Kind.event_set, time: 4, process: 2, object: shared },
  ]);
  assert.deepEqual(new ObjectRecords(1, 7).before(both, 4, 10), { records: [0], earlier: 0 });
  assert.deepEqual(new ObjectRecords(1, shared).before(both, 4, 10), { records: [2, 3], earlier: 0 });
  assert.deepEqual(new ObjectRecords(1, shared).before(both, 3, 10), { records: [2], earlier: 0 }, 'none after the moment');
  assert.deepEqual(new ObjectRecords(1, shared).before(both, 4, 1), { records: [3], earlier: 1 });
});

test('the records of an object are found as the trace grows', () => {
  const writer = new TraceWriter();
  const records = new ObjectRecords(1, 7);
  for (let count = 1; count <= 5; count += 1) {
    writer.addFake({ kind: Kind.event_set, time: count, object: count % 2 === 0 ? 8 : 7 });
    assert.equal(records.before(writer.trace, count, 10).records.length, Math.ceil(count / 2));
  }
});

test('who woke a thread is told until it waits again', () => {
  assert.deepEqual(lastWake(trace, 6, 1, 3), { unblocked: 5, record: 4, process: 1, thread: 2 });
  assert.deepEqual(lastWake(trace, 9, 1, 3), { unblocked: 5, record: 4, process: 1, thread: 2 });
  assert.equal(lastWake(trace, 5, 1, 3), null, 'it waits');
  assert.equal(lastWake(trace, 9, 1, 2), null, 'it never waited');
  const others = traceOf([
    { kind: Kind.blocked, time: 1, object: 7, detail: Reason.event },
    { kind: Kind.unblocked, time: 2, object: 7, detail: Unblocked.timed_out },
    { kind: Kind.blocked, time: 3, object: 7, detail: Reason.future },
    { kind: Kind.unblocked, time: 4, object: 7, detail: Unblocked.woken, argument: 5 },
  ]);
  assert.equal(lastWake(others, 2, 1, 1), null, 'a wait that timed out was ended by nobody');
  assert.deepEqual(lastWake(others, 4, 1, 1), { unblocked: 3, record: -1, process: 1, thread: 5 }, 'only the thread is known');
});

test('in random runs, steps forth and back meet the same moments', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const run = traceOf(randomRun(seed, 400));
    const random = randomNumbers(seed);
    const thread = 1 + Math.floor(random() * 4);
    const fits = (record: number) => run.thread(record) === thread && run.process(record) === 1;
    const forth: number[] = [];
    for (let at = nextMoment(run, 0, 1, fits); at >= 0; at = nextMoment(run, at, 1, fits)) forth.push(at);
    const back: number[] = [];
    for (let at = nextMoment(run, run.length + 1, -1, fits); at >= 0; at = nextMoment(run, at, -1, fits)) back.push(at);
    assert.ok(forth.length > 5, `seed ${seed}: ${forth.length} records`);
    assert.deepEqual(back.reverse(), forth, `seed ${seed}`);
  }
});
