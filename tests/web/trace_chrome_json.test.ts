import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromeJson } from '../../web/src/trace/chrome_json.ts';
import { Trace } from '../../web/src/trace/columns.ts';
import { firstSharedObject, Kind, ObjectType, Reason, Unblocked, Work } from '../../web/src/trace/kinds.ts';
import type { RecordFields } from '../../web/src/trace/record.ts';
import { Sequencer } from '../../web/src/trace/sequencer.ts';
import { randomRun } from './support/fake_records.ts';
import { chunkOf } from './support/ring_writer.ts';
import { TraceWriter } from './support/trace_writer.ts';
import { readAsFirefoxProfiler, readAsPerfetto, readAsSpeedscope } from './support/trace_viewers.ts';
import type { Slice, TraceEvent } from './support/trace_viewers.ts';

async function exported(...processes: (readonly RecordFields[])[]): Promise<TraceEvent[]> {
  const trace = new Trace();
  const sequencer = new Sequencer(trace);
  for (const [index, records] of processes.entries()) sequencer.push(chunkOf(records, { process: index + 1 }));
  sequencer.flush();
  return eventsOf(trace);
}

async function eventsOf(trace: Trace): Promise<TraceEvent[]> {
  const json = JSON.parse(await chromeJson(trace, { title: 'demo' }).text());
  assert.equal(json.displayTimeUnit, 'ms');
  return json.traceEvents;
}

/** In µs: begins and ends that have the same time are told apart by a ns each. */
const rounded = (ns: number) => Math.round(ns / 100) / 10;

/** Slices as [name, start, duration] in µs, but for those in which a thread runs, of one thread or all. */
function slicesIn(events: readonly TraceEvent[], thread?: string): [name: string, start: number, duration: number][] {
  const { slices, complaints } = readAsPerfetto(events);
  assert.deepEqual(complaints, []);
  const own = thread === undefined ? [...slices.values()].flat() : (slices.get(thread) ?? []);
  return own.filter(({ name }) => name !== 'running').map(({ name, start, end }) => [name, rounded(start), rounded(end - start)]);
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
  assert.deepEqual(slicesIn(events, '2/1'), [[`queue put: object ${shared}`, 3, 6]]);
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
  assert.deepEqual(slicesIn(events, '1/1'), [
    ['object 9', 1, 7],
    ['queue get: jobs "1"', 2, 3],
    ['sleep', 7, 1],
    ['queue put: object 4', 9, 3],
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
  assert.partialDeepStrictEqual(
    events.filter(({ name }) => name === 'hello'),
    [{ ph: 'i', ts: 3, tid: 1 }],
  );
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
  const rest = events.filter(({ name, ph }) => ph !== 'M' && name !== 'running').map(({ name, ph, ts }) => [name, ph, ts]);
  assert.deepEqual(rest, [
    ['held: object 5', 'b', 1],
    ['held: object 5', 'e', 2],
    ['gil: object 9', 'b', 2.1],
    ['gil request: object 9', 'i', 2.2],
    ['value of object 6', 'C', 2.3],
    ['total=5', 'i', 2.4],
    // What is held at the end is held to the end.
    ['gil: object 9', 'e', 2.4],
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
  assert.equal((await exported(marks)).length, 12_000 + 4 + 2, 'and the slice in which the thread runs');
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
  const waits = events.filter(({ ph, cat }) => ph === 'B' && cat === 'blocked');
  assert.deepEqual(
    waits.map(({ args }) => args),
    [
      { object: 3, where: 'demo.cpp:5' },
      { object: 3, outcome: 'deadlock' },
    ],
  );
  assert.deepEqual(
    slicesIn(events, '1/2'),
    [
      ['queue get: object 3', 1, 1],
      ['ready', 2, 1],
      ['queue get: object 3', 4, 1],
    ],
    'ready from the put on',
  );
  const arrows = events.filter(({ cat }) => cat === 'wakes');
  assert.deepEqual(
    arrows.map(({ ph, ts, tid }) => [ph, Math.round(ts), tid]),
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
  assert.deepEqual(slicesIn(events), [
    ['eating', 1, 2],
    ['object 9', 4, 1],
    ['object 9', 6, 1],
  ]);
  const begins = events
    .filter(({ ph, name }) => ph === 'B' && name !== 'running')
    .map(({ cat, name, tid, args }) => ({ cat, name, tid, args }));
  assert.deepEqual(begins, [
    { cat: 'work', name: 'eating', tid: 1, args: { work: 'waits' } },
    { cat: 'task', name: 'object 9', tid: 1, args: { object: 9 } },
    { cat: 'task', name: 'object 9', tid: 2, args: { object: 9 } },
  ]);
});

const viewers = { Perfetto: readAsPerfetto, speedscope: readAsSpeedscope, 'the Firefox Profiler': readAsFirefoxProfiler };

/** How long each thread is in slices of each name, whatever they lie in. */
function totals(slices: ReadonlyMap<string, Slice[]>): string[] {
  const sums = new Map<string, number>();
  for (const [thread, own] of slices) {
    for (const { name, start, end } of own) {
      const key = `${thread} ${name}`;
      sums.set(key, (sums.get(key) ?? 0) + end - start);
    }
  }
  return [...sums].map(([key, sum]) => `${key}: ${sum}`).sort();
}

/** All viewers take all of it, and see the same. */
function checkInViewers(events: readonly TraceEvent[], what: string): void {
  const seen = Object.entries(viewers).map(([viewer, read]) => {
    const { complaints, slices } = read(structuredClone(events) as TraceEvent[]);
    assert.deepEqual(complaints.slice(0, 3), [], `${viewer} complains of ${what}`);
    return totals(slices);
  });
  for (const other of seen.slice(1)) assert.deepEqual(other, seen[0], what);
}

test('a thread runs where it neither waits nor is ready', async () => {
  const events = await exported([
    { time: 1000, thread: 1, kind: Kind.thread_start },
    { time: 2000, thread: 1, kind: Kind.task_start, object: 9 },
    { time: 4000, thread: 1, kind: Kind.blocked, detail: Reason.sleep },
    { time: 5000, thread: 1, kind: Kind.unblocked },
    { time: 5000, thread: 1, kind: Kind.task_finish, object: 9 },
    { time: 7000, thread: 1, kind: Kind.thread_end },
    { time: 9000, thread: 2, kind: Kind.mark },
  ]);
  const { slices } = readAsPerfetto(events);
  assert.deepEqual(
    slices.get('1/1')!.map(({ name, start, end, depth }) => [name, rounded(start), rounded(end), depth]),
    [
      ['running', 1, 2, 0],
      ['object 9', 2, 5, 0],
      ['running', 2, 4, 1],
      ['sleep', 4, 5, 1],
      ['running', 5, 7, 0],
    ],
  );
  checkInViewers(events, 'a run with a task');
});

test('an arrow leaves a slice of its waker and ends at one of who is woken, however short they are', async () => {
  const events = await exported([
    { time: 1000, thread: 2, kind: Kind.blocked, object: 3, detail: Reason.event },
    { time: 1000, thread: 3, kind: Kind.blocked, object: 4, detail: Reason.thread_join },
    { time: 1000, thread: 1, kind: Kind.event_set, object: 3, sequence: 1 },
    { time: 1000, thread: 2, kind: Kind.unblocked, object: 3, argumentLow: 1, argumentHigh: 1 },
    { time: 1000, thread: 2, kind: Kind.thread_end, object: 4, sequence: 1 },
    { time: 1000, thread: 3, kind: Kind.unblocked, object: 4, argumentLow: 2, argumentHigh: 1 },
    { time: 2000, thread: 3, kind: Kind.mark },
  ]);
  const { arrows } = readAsPerfetto(events);
  assert.deepEqual(
    arrows.map(({ from, to }) => [from.name, to.name]),
    [
      ['running', 'running'],
      ['running', 'running'],
    ],
  );
  checkInViewers(events, 'arrows at one time');
});

test('what begins and ends at one time, or is not ended, opens the same everywhere', async () => {
  const task = (time: number, kind: Kind, object: number) => ({ time, thread: 1, kind, object });
  const events = await exported([
    task(1000, Kind.task_start, 7),
    task(1000, Kind.task_start, 8),
    { time: 1000, thread: 1, kind: Kind.blocked, detail: Reason.sleep },
    { time: 1000, thread: 1, kind: Kind.unblocked, detail: Unblocked.timed_out },
    task(1000, Kind.task_finish, 8),
    task(1000, Kind.task_finish, 7),
    task(1000, Kind.task_start, 7),
    { time: 3000, thread: 1, kind: Kind.work_begin, argumentLow: Work.computes },
    task(3000, Kind.task_finish, 7),
    task(3000, Kind.task_start, 9),
    { time: 4000, thread: 1, kind: Kind.console, payload: bytes('Profile') },
    { time: 4000, thread: 2, kind: Kind.task_finish, object: 99 },
    { time: 5000, thread: 2, kind: Kind.unblocked },
  ]);
  checkInViewers(events, 'slices without a length');
});

test('random runs open in all viewers without a complaint', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const writer = new TraceWriter();
    for (const record of randomRun(seed, 1500)) writer.addFake(record);
    checkInViewers(await eventsOf(writer.trace), `run ${seed}`);
  }
});

test('an arrow ends no earlier than it began, though its waker did much at one time of the clock', async () => {
  const sleeps = Array.from({ length: 4 }, () => [
    { time: 1000, thread: 1, kind: Kind.blocked, detail: Reason.sleep },
    { time: 1000, thread: 1, kind: Kind.unblocked, detail: Unblocked.timed_out },
  ]).flat();
  const events = await exported([
    { time: 500, thread: 2, kind: Kind.blocked, object: 3, detail: Reason.event },
    ...sleeps,
    { time: 1000, thread: 1, kind: Kind.event_set, object: 3, sequence: 1 },
    { time: 1000, thread: 2, kind: Kind.unblocked, object: 3, argumentLow: 1, argumentHigh: 1 },
    { time: 2000, thread: 2, kind: Kind.mark },
    { time: 2000, thread: 1, kind: Kind.mark },
  ]);
  const { arrows } = readAsPerfetto(events);
  assert.deepEqual(
    arrows.map(({ from, to }) => [from.name, to.name]),
    [['running', 'running']],
  );
  checkInViewers(events, 'a run in which much happens at once');
});
