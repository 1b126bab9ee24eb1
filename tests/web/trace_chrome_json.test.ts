import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromeJson } from '../../web/src/trace/chrome_json.ts';
import { Trace } from '../../web/src/trace/columns.ts';
import { firstSharedObject, Kind, ObjectType, Reason, Unblocked, Work } from '../../web/src/trace/kinds.ts';
import type { RecordFields } from '../../web/src/trace/record.ts';
import { Sequencer } from '../../web/src/trace/sequencer.ts';
import { chunkOf } from './support/ring_writer.ts';

interface TraceEvent {
  name: string;
  ph: string;
  cat?: string;
  ts: number;
  dur: number;
  pid: number;
  tid: number;
  args: Record<string, unknown>;
}

async function exported(...processes: (readonly RecordFields[])[]): Promise<TraceEvent[]> {
  const trace = new Trace();
  const sequencer = new Sequencer(trace);
  for (const [index, records] of processes.entries()) sequencer.push(chunkOf(records, { process: index + 1 }));
  sequencer.flush();
  const json = JSON.parse(await chromeJson(trace, { title: 'demo' }).text());
  assert.equal(json.displayTimeUnit, 'ms');
  return json.traceEvents;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const queue = {
  time: 0,
  thread: 1,
  kind: Kind.object_name,
  object: 3,
  detail: ObjectType.queue,
  payload: bytes('jobs "1"'),
};

test('threads and the process have names', async () => {
  const events = await exported([
    { time: 0, thread: 1, kind: Kind.thread_name, payload: bytes('MainThread') },
    { time: 5, thread: 2, kind: Kind.mark },
  ]);
  const names = events.filter(({ ph }) => ph === 'M').map(({ name, tid, args }) => [name, tid, args]);
  assert.deepEqual(names, [
    ['process_name', 0, { name: 'demo (process 1)' }],
    ['process_sort_index', 0, { sort_index: 1 }],
    ['thread_name', 1, { name: 'MainThread' }],
    ['thread_sort_index', 1, { sort_index: 1 }],
    ['thread_name', 2, { name: 'thread 2' }],
    ['thread_sort_index', 2, { sort_index: 2 }],
  ]);
});

test('several processes: their names, one counter of what they share, and how they ended', async () => {
  const child = firstSharedObject + 1;
  const shared = firstSharedObject + 2;
  const events = await exported(
    [
      { time: 0, thread: 1, kind: Kind.object_name, object: child, detail: ObjectType.process, payload: bytes('Process-1') },
      { time: 1000, thread: 1, kind: Kind.process_start, object: child, argumentLow: 2, argumentHigh: 1 },
      { time: 4000, thread: 1, kind: Kind.queue_get, object: shared, argumentLow: 0 },
      { time: 9000, thread: 40, kind: Kind.process_end, object: child, argumentLow: 2, detail: -9 },
    ],
    [
      { time: 2000, thread: 1, kind: Kind.queue_put, object: shared, argumentLow: 1 },
      { time: 3000, thread: 1, kind: Kind.blocked, object: shared, detail: Reason.queue_put },
      { time: 3500, thread: 1, kind: Kind.process_memory, argumentLow: 4096, argumentHigh: 65536 },
    ],
  );
  const names = events.filter(({ name }) => name === 'process_name').map(({ pid, args }) => [pid, args]);
  assert.deepEqual(names, [
    [1, { name: 'demo (MainProcess)' }],
    [2, { name: 'demo (Process-1)' }],
  ]);
  assert.deepEqual(
    events.filter(({ ph }) => ph === 'C').map(({ pid, args }) => [pid, args]),
    [
      [1, { depth: 1 }],
      [2, { bytes: 4096 }],
      [1, { depth: 0 }],
    ],
  );
  assert.partialDeepStrictEqual(
    events.filter(({ ph }) => ph === 'X'),
    [{ pid: 2, ts: 3, dur: 6 }],
  );
  assert.ok(events.some(({ name, tid }) => name === 'process end: Process-1, exit code -9' && tid === 0));
  assert.ok(!events.some(({ tid }) => tid === 40), 'whoever told of the end is no thread of the run');
});

test('waits and tasks are spans that nest; what never ended lasts to the end', async () => {
  const events = await exported([
    queue,
    { time: 1000, thread: 1, kind: Kind.task_start, object: 9 },
    { time: 2000, thread: 1, kind: Kind.blocked, object: 3, detail: Reason.queue_get },
    { time: 5000, thread: 1, kind: Kind.unblocked, object: 3 },
    { time: 7000, thread: 1, kind: Kind.blocked, detail: Reason.sleep },
    { time: 8000, thread: 1, kind: Kind.task_finish, object: 9 },
    { time: 8500, thread: 1, kind: Kind.unblocked },
    { time: 9000, thread: 1, kind: Kind.blocked, detail: Reason.queue_put, object: 4 },
    { time: 12000, thread: 2, kind: Kind.mark },
  ]);
  const spans = events.filter(({ ph }) => ph === 'X').map(({ name, cat, ts, dur }) => [name, cat, ts, dur]);
  assert.deepEqual(spans, [
    ['queue get: jobs "1"', 'blocked', 2, 3],
    ['sleep', 'blocked', 7, 1],
    ['object 9', 'task', 1, 7],
    ['queue put: object 4', 'blocked', 9, 3],
  ]);
});

test('a queue has a counter; lines are instants', async () => {
  const events = await exported([
    queue,
    { time: 1500, thread: 1, kind: Kind.queue_put, object: 3, argumentLow: 1 },
    { time: 2500, thread: 1, kind: Kind.queue_get, object: 3, argumentLow: 0 },
    { time: 3000, thread: 1, kind: Kind.console, payload: bytes('hello') },
  ]);
  const counters = events.filter(({ ph }) => ph === 'C').map(({ name, ts, args }) => [name, ts, args]);
  assert.deepEqual(counters, [
    ['depth of jobs "1"', 1.5, { depth: 1 }],
    ['depth of jobs "1"', 2.5, { depth: 0 }],
  ]);
  assert.partialDeepStrictEqual(events.at(-1), { name: 'hello', ph: 'i', ts: 3, tid: 1 });
});

test('locks and the GIL are held in spans of their own; what else happens to objects are instants', async () => {
  const events = await exported([
    { time: 1000, thread: 1, kind: Kind.lock_acquire, object: 5, argumentLow: 1 },
    { time: 1500, thread: 1, kind: Kind.lock_acquire, object: 5, argumentLow: 2 },
    { time: 1600, thread: 1, kind: Kind.lock_release, object: 5, argumentLow: 1 },
    { time: 2000, thread: 1, kind: Kind.lock_release, object: 5, argumentLow: 0 },
    { time: 2100, thread: 1, kind: Kind.gil_acquire, object: 9 },
    { time: 2200, thread: 1, kind: Kind.gil_request, object: 9 },
    { time: 2300, thread: 1, kind: Kind.semaphore_acquire, object: 6, argumentLow: 3 },
    { time: 2400, thread: 1, kind: Kind.sample, payload: bytes('total=5') },
  ]);
  const rest = events.filter(({ ph }) => ph !== 'M').map(({ name, ph, ts }) => [name, ph, ts]);
  assert.deepEqual(rest, [
    ['held: object 5', 'b', 1],
    ['held: object 5', 'e', 2],
    ['gil: object 9', 'b', 2.1],
    ['gil request: object 9', 'i', 2.2],
    ['value of object 6', 'C', 2.3],
    ['total=5', 'i', 2.4],
  ]);
});

test('an empty trace, and a large one, are JSON', async () => {
  assert.deepEqual(await exported([]), []);
  const marks = Array.from({ length: 12_000 }, (_, time) => ({
    time,
    thread: 1,
    kind: Kind.queue_put,
    object: 1,
  }));
  assert.equal((await exported(marks)).length, 12_000 + 4);
});

test('waits say where they are and how they ended; arrows come from what ended them', async () => {
  const events = await exported([
    { time: 0, thread: 1, kind: Kind.string, detail: 1, payload: bytes('demo.cpp:5') },
    { time: 1000, thread: 2, kind: Kind.blocked, object: 3, detail: Reason.queue_get, argumentHigh: 1 },
    { time: 2000, thread: 1, kind: Kind.queue_put, object: 3, sequence: 1, argumentLow: 1, argumentHigh: 1 },
    { time: 3000, thread: 2, kind: Kind.unblocked, object: 3, argumentLow: 1, argumentHigh: 1 },
    { time: 4000, thread: 2, kind: Kind.blocked, object: 3, detail: Reason.queue_get },
    { time: 5000, thread: 2, kind: Kind.unblocked, object: 3, detail: Unblocked.deadlock },
  ]);
  const waits = events.filter(({ ph, cat }) => ph === 'X' && cat === 'blocked');
  assert.deepEqual(
    waits.map(({ args }) => args),
    [
      { object: 3, where: 'demo.cpp:5' },
      { object: 3, outcome: 'deadlock' },
    ],
  );
  const spans = events.filter(({ ph }) => ph === 'X').map(({ cat, ts, dur }) => [cat, ts, dur]);
  assert.deepEqual(
    spans,
    [
      ['blocked', 1, 1],
      ['ready', 2, 1],
      ['blocked', 4, 1],
    ],
    'ready from the put on',
  );
  const arrows = events.filter(({ cat }) => cat === 'wakes');
  assert.deepEqual(
    arrows.map(({ ph, ts, tid }) => [ph, ts, tid]),
    [
      ['s', 2, 1],
      ['f', 2, 2],
    ],
  );
});

test('simulated work and tasks that go on elsewhere are spans', async () => {
  const task = { object: 9 };
  const events = await exported([
    { time: 0, thread: 1, kind: Kind.string, detail: 1, payload: bytes('eating') },
    { time: 1000, thread: 1, kind: Kind.work_begin, detail: 1, argumentLow: Work.waits },
    { time: 3000, thread: 1, kind: Kind.work_end },
    { time: 4000, thread: 1, kind: Kind.task_start, ...task },
    { time: 5000, thread: 1, kind: Kind.task_suspend, ...task },
    { time: 6000, thread: 2, kind: Kind.task_resume, ...task },
    { time: 7000, thread: 2, kind: Kind.task_finish, ...task },
  ]);
  const spans = events.filter(({ ph }) => ph === 'X').map(({ cat, name, ts, dur, tid, args }) => ({ cat, name, ts, dur, tid, args }));
  assert.deepEqual(spans, [
    { cat: 'work', name: 'eating', ts: 1, dur: 2, tid: 1, args: { work: 'waits' } },
    { cat: 'task', name: 'object 9', ts: 4, dur: 1, tid: 1, args: { object: 9 } },
    { cat: 'task', name: 'object 9', ts: 6, dur: 1, tid: 2, args: { object: 9 } },
  ]);
});
