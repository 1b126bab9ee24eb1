import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absent, computing, doingIo, isWait, Lanes, ready, running, stateCount, unwinding } from '../../web/src/folds/lanes.ts';
import type { Lane } from '../../web/src/folds/lanes.ts';
import { Kind, Reason, ThreadEnd, Unblocked, Work } from '../../web/src/trace/kinds.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function lanesOf(list: FakeRecord[]): Lanes {
  const lanes = new Lanes();
  lanes.take(new FakeRecords(list), 0, list.length);
  return lanes;
}

function spansOf(lane: Lane, now: number): [state: number, start: number, end: number][] {
  return Array.from({ length: lane.count }, (_, index) => [lane.states.at(index), lane.starts.at(index), lane.spanEnd(index, now)]);
}

test('a thread runs, waits, runs and ends', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 100, thread: 3, detail: 1 },
    { kind: Kind.blocked, time: 200, thread: 3, object: 9, detail: Reason.queue_get },
    { kind: Kind.unblocked, time: 350, thread: 3, object: 9, detail: Unblocked.timed_out },
    { kind: Kind.thread_end, time: 400, thread: 3, detail: ThreadEnd.exception },
  ]).list as [Lane];
  assert.equal(lane.parent, 1);
  assert.equal(lane.end, 400);
  assert.equal(lane.ending, ThreadEnd.exception);
  assert.deepEqual(spansOf(lane, 500), [
    [running, 100, 200],
    [Reason.queue_get, 200, 350],
    [running, 350, 400],
    [absent, 400, 500],
  ]);
  assert.equal(lane.objects.at(1), 9);
  assert.equal(lane.wakes.at(2), Unblocked.timed_out);
  assert.deepEqual(
    [99, 100, 199, 200, 1e9].map((time) => lane.spanAt(time)),
    [-1, 0, 0, 1, 3],
  );
});

test('a thread that nothing announced begins with its first record', () => {
  const lanes = lanesOf([{ kind: Kind.console, time: 70, thread: 4, payload: 'hello' }]);
  assert.equal(lanes.find(1, 4)?.start, 70);
});

test('names and strings are no sign of life', () => {
  const lanes = lanesOf([
    { kind: Kind.string, time: 1, thread: 9, payload: 'text' },
    { kind: Kind.object_name, time: 1, thread: 9, object: 2, payload: 'queue' },
  ]);
  assert.equal(lanes.list.length, 0);
});

test('threads of different processes with the same number are different threads', () => {
  const lanes = lanesOf([
    { kind: Kind.thread_start, time: 0, process: 1, thread: 1 },
    { kind: Kind.thread_start, time: 5, process: 2, thread: 1 },
  ]);
  assert.equal(lanes.list.length, 2);
  assert.notEqual(lanes.find(1, 1), lanes.find(2, 1));
});

test('states that have occurred are remembered', () => {
  const lanes = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.blocked, time: 1, detail: Reason.sleep },
  ]);
  assert.equal(lanes.seen, (1 << running) | (1 << Reason.sleep));
});

test('simulated work shows its name and what it stands for, one within another too', () => {
  const {
    list: [lane],
    seen,
    hasWork,
  } = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.work_begin, time: 10, argument: Work.computes, detail: 5 },
    { kind: Kind.work_begin, time: 20, argument: Work.waits, detail: 6 },
    { kind: Kind.work_end, time: 30 },
    { kind: Kind.work_end, time: 40 },
    { kind: Kind.work_begin, time: 50, argument: Work.waits, detail: 6 },
    { kind: Kind.thread_end, time: 60 },
  ]) as Lanes & { list: [Lane] };
  assert.deepEqual(spansOf(lane, 70), [
    [running, 0, 10],
    [computing, 10, 20],
    [doingIo, 20, 30],
    [computing, 30, 40],
    [running, 40, 50],
    [doingIo, 50, 60],
    [absent, 60, 70],
  ]);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((index) => lane.objects.at(index)),
    [5, 6, 5, 0, 6],
  );
  assert.equal(seen, (1 << running) | (1 << computing) | (1 << doingIo));
  assert.ok(hasWork);
});

test('the sleep of a thread that stands for one that works is no wait; a wait for something else is', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.blocked, time: 5, detail: Reason.sleep },
    { kind: Kind.unblocked, time: 10, detail: Unblocked.timed_out },
    { kind: Kind.work_begin, time: 20, argument: Work.computes, detail: 5 },
    { kind: Kind.blocked, time: 20, detail: Reason.sleep },
    { kind: Kind.unblocked, time: 50, detail: Unblocked.timed_out },
    { kind: Kind.blocked, time: 60, object: 7, detail: Reason.lock },
    { kind: Kind.unblocked, time: 70, object: 7 },
    { kind: Kind.work_end, time: 80 },
  ]).list as [Lane];
  assert.deepEqual(spansOf(lane, 90), [
    [running, 0, 5],
    [Reason.sleep, 5, 10],
    [running, 10, 20],
    [computing, 20, 60],
    [Reason.lock, 60, 70],
    [computing, 70, 80],
    [running, 80, 90],
  ]);
  assert.equal(lane.objects.at(5), 5, 'after the wait it is at the same work');
});

test('the end of a work that has not begun is nothing', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.work_end, time: 10 },
  ]).list as [Lane];
  assert.deepEqual(spansOf(lane, 20), [[running, 0, 20]]);
});

test('a thread is ready from the record that woke it on, which is known once its wait has ended', () => {
  const list: FakeRecord[] = [
    { kind: Kind.thread_start, time: 0, thread: 2 },
    { kind: Kind.blocked, time: 10, thread: 2, object: 9, detail: Reason.event },
    { kind: Kind.event_set, time: 30, thread: 3, object: 9, sequence: 4 },
    { kind: Kind.console, time: 40, thread: 3, payload: 'set' },
    { kind: Kind.unblocked, time: 50, thread: 2, object: 9, argument: 3, argumentHigh: 4 },
  ];
  const known = lanesOf(list);
  const lane = known.find(1, 2)!;
  assert.deepEqual(spansOf(lane, 60), [
    [running, 0, 10],
    [Reason.event, 10, 30],
    [ready, 30, 50],
    [running, 50, 60],
  ]);
  assert.equal(lane.objects.at(2), 3, 'who woke it');
  assert.equal(known.seen, (1 << running) | (1 << Reason.event) | (1 << ready));
  const unknown = lanesOf(list.slice(0, 4));
  assert.deepEqual(
    spansOf(unknown.find(1, 2)!, 45),
    [
      [running, 0, 10],
      [Reason.event, 10, 45],
    ],
    'nothing has said yet whom the record woke',
  );
});

test('who was not woken by a record that is known was not ready', () => {
  const waits = (...last: [Partial<FakeRecord>, Partial<FakeRecord>]) => {
    const lanes = lanesOf([
      { kind: Kind.thread_start, time: 0, thread: 2 },
      { kind: Kind.event_set, time: 5, thread: 3, object: 9, sequence: 1 },
      { time: 10, thread: 2, object: 9, ...last[0], kind: Kind.blocked },
      { kind: Kind.gil_release, time: 30, thread: 3, object: 9, sequence: 2 },
      { time: 50, thread: 2, object: 9, ...last[1], kind: Kind.unblocked },
    ]);
    return spansOf(lanes.find(1, 2)!, 60).slice(1, -1);
  };
  assert.deepEqual(waits({ detail: Reason.event }, { detail: Unblocked.timed_out }), [[Reason.event, 10, 50]]);
  assert.deepEqual(waits({ detail: Reason.event }, { argument: 3 }), [[Reason.event, 10, 50]], 'the thread alone is known');
  assert.deepEqual(waits({ detail: Reason.event }, { argumentHigh: 77 }), [[Reason.event, 10, 50]], 'the record was lost');
  assert.deepEqual(waits({ detail: Reason.gil }, { argument: 3, argumentHigh: 2 }), [[Reason.gil, 10, 50]], 'ready all the while');
  // In a damaged trace only; time never runs backwards within a lane.
  assert.deepEqual(waits({ detail: Reason.event }, { argument: 3, argumentHigh: 1 }), [
    [Reason.event, 10, 10],
    [ready, 10, 50],
  ]);
});

test('after a deadlock a thread only unwinds', () => {
  const {
    list: [lane],
  } = lanesOf([
    { kind: Kind.thread_start, time: 0, thread: 2 },
    { kind: Kind.work_begin, time: 10, thread: 2, argument: Work.computes, detail: 5 },
    { kind: Kind.blocked, time: 20, thread: 2, object: 9, detail: Reason.lock },
    { kind: Kind.unblocked, time: 40, thread: 2, object: 9, detail: Unblocked.deadlock },
    { kind: Kind.work_end, time: 45, thread: 2 },
    { kind: Kind.lock_release, time: 50, thread: 2, object: 8 },
    { kind: Kind.thread_end, time: 60, thread: 2, detail: ThreadEnd.deadlock },
  ]) as Lanes & { list: [Lane] };
  assert.deepEqual(spansOf(lane, 70), [
    [running, 0, 10],
    [computing, 10, 20],
    [Reason.lock, 20, 40],
    [unwinding, 40, 60],
    [absent, 60, 70],
  ]);
  assert.deepEqual([lane.unwindsFrom, lane.ending], [3, ThreadEnd.deadlock]);
});

test('reasons of later versions are waits, and no state of the lanes’ own', () => {
  for (const reason of [computing, ready, unwinding, absent, 77]) {
    const [lane] = lanesOf([
      { kind: Kind.thread_start, time: 0 },
      { kind: Kind.blocked, time: 1, detail: reason },
    ]).list as [Lane];
    assert.ok(isWait(lane.states.at(1)), `reason ${reason}`);
  }
  for (const reason of Object.values(Reason)) assert.ok(isWait(reason));
});

test('random runs have every state', () => {
  const { seen } = lanesOf(randomRun(5, 20_000));
  for (const state of [running, computing, doingIo, ready, unwinding]) assert.ok((seen >>> state) & 1, `state ${state}`);
});

test('tasks lie within their thread, one within another too', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 0, thread: 2 },
    { kind: Kind.task_start, time: 10, thread: 2, object: 71 },
    { kind: Kind.task_start, time: 20, thread: 2, object: 72 },
    { kind: Kind.task_finish, time: 30, thread: 2, object: 72, detail: 1 },
    { kind: Kind.task_finish, time: 50, thread: 2, object: 71 },
    { kind: Kind.task_start, time: 60, thread: 2, object: 73 },
  ]).list as [Lane];
  const future = (time: number) => {
    const task = lane.taskAt(time, 100);
    return task < 0 ? null : lane.taskFutures.at(task);
  };
  assert.deepEqual([5, 10, 25, 40, 55, 90].map(future), [null, 71, 72, 71, null, 73]);
  assert.equal(lane.taskFailed(1), true);
  assert.ok(Number.isNaN(lane.taskEnd(2)));
});

/** What `addUp` computes, the slow way. */
function addUpSlowly(lane: Lane, from: number, to: number, now: number): Float64Array {
  const sums = new Float64Array(stateCount);
  for (const [state, start, end] of spansOf(lane, now)) {
    sums[state]! += Math.max(0, Math.min(end, to) - Math.max(start, from));
  }
  return sums;
}

test('time by state adds up, however the stretches lie', () => {
  const list = randomRun(5, 20_000);
  const now = list.at(-1)!.time + 5000;
  const random = randomNumbers(99);
  let longest = 0;
  for (const lane of lanesOf(list).list) {
    longest = Math.max(longest, lane.count);
    for (let trial = 0; trial < 60; trial += 1) {
      const [from, to] = [random() * now, random() * now].sort((a, b) => a - b) as [number, number];
      if (from < lane.start) continue;
      const sums = new Float64Array(stateCount);
      const last = lane.addUp(from, to, now, Math.max(0, lane.spanAt(from)), sums);
      const expected = addUpSlowly(lane, from, to, now);
      for (let state = 0; state < stateCount; state += 1) {
        assert.ok(Math.abs(sums[state]! - expected[state]!) < 1e-3, `state ${state}: ${sums[state]} is not ${expected[state]}`);
      }
      assert.ok(lane.starts.at(last) <= to, 'the hint for the next column lies at or before it');
    }
  }
  assert.ok(longest > 300, 'the lanes are long enough for whole blocks to be added');
});

test('columns side by side see each span once', () => {
  const list = randomRun(8, 3000);
  const now = list.at(-1)!.time;
  for (const lane of lanesOf(list).list) {
    const columns = 173;
    const sums = new Float64Array(stateCount);
    let hint = 0;
    for (let column = 0; column < columns; column += 1) {
      const at = (place: number) => lane.start + ((now - lane.start) * place) / columns;
      hint = lane.addUp(at(column), at(column + 1), now, hint, sums);
    }
    const total = sums.reduce((sum, time) => sum + time, 0);
    assert.ok(Math.abs(total - (now - lane.start)) < 1e-3);
  }
});

test('the longest span of a stretch stands for it', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.blocked, time: 10, detail: Reason.lock },
    { kind: Kind.unblocked, time: 90 },
    { kind: Kind.blocked, time: 95, detail: Reason.sleep },
  ]).list as [Lane];
  assert.equal(lane.longestIn(0, 100, 100), 1);
  assert.equal(lane.longestIn(91, 96, 100), 2);
  assert.equal(lane.longestIn(0, 12, 100), 0);
});
