import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absent, Lanes, running, stateCount } from '../../web/src/folds/lanes.ts';
import type { Lane } from '../../web/src/folds/lanes.ts';
import { Kind, Reason, ThreadEnd, Unblocked } from '../../web/src/trace/kinds.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function lanesOf(list: FakeRecord[]): Lanes {
  const lanes = new Lanes();
  lanes.take(new FakeRecords(list), 0, list.length);
  return lanes;
}

function spansOf(lane: Lane, now: number): [state: number, start: number, end: number][] {
  return Array.from({ length: lane.count }, (_, index) => [
    lane.states.at(index), lane.starts.at(index), lane.spanEnd(index, now),
  ]);
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
    [running, 100, 200], [Reason.queue_get, 200, 350], [running, 350, 400], [absent, 400, 500],
  ]);
  assert.equal(lane.objects.at(1), 9);
  assert.equal(lane.wakes.at(2), Unblocked.timed_out);
  assert.deepEqual([99, 100, 199, 200, 1e9].map((time) => lane.spanAt(time)), [-1, 0, 0, 1, 3]);
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
