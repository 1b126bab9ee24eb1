import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingOf } from '../../web/src/app/ending.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import type { Trace } from '../../web/src/trace/columns.ts';
import { firstSharedObject, Kind, ObjectType } from '../../web/src/trace/kinds.ts';
import type { Moment } from '../../web/src/app/moment.ts';
import { drawWhenChanged } from '../../web/src/app/scheduler.ts';
import { moment, showRun } from '../../web/src/app/state.ts';
import { ConsoleLines } from '../../web/src/folds/console.ts';
import { Deadlocks } from '../../web/src/folds/deadlocks.ts';
import { Depth } from '../../web/src/folds/depth.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Gates } from '../../web/src/folds/gates.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Images } from '../../web/src/folds/images.ts';
import { KindsSeen } from '../../web/src/folds/kinds_seen.ts';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { Marks } from '../../web/src/folds/marks.ts';
import { Pipes } from '../../web/src/folds/pipes.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { Progress } from '../../web/src/folds/progress.ts';
import { Rows } from '../../web/src/folds/rows.ts';
import { Samples } from '../../web/src/folds/samples.ts';
import { Summary } from '../../web/src/folds/summary.ts';
import { TaskNumbers } from '../../web/src/folds/task_numbers.ts';
import { Tasks } from '../../web/src/folds/tasks.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { pool } from './support/demos.ts';
import { TraceWriter } from './support/trace_writer.ts';
import { foldedFrom, plain } from './support/plain.ts';

const ended = (reason: 'exited' | 'killed' | 'crashed', code: number, checks: Record<string, boolean> = {}) =>
  endingOf({ reason, code, text: '' }, new Map(Object.entries(checks))).kind;

test('how a run ended', () => {
  assert.equal(ended('exited', 0, { order: true }), 'finished');
  assert.equal(ended('exited', 1, { order: false }), 'failed-check');
  assert.equal(ended('exited', 1, { order: true }), 'failed');
  assert.equal(ended('exited', 2), 'refused');
  assert.equal(ended('exited', 3, { order: false }), 'deadlock');
  assert.equal(ended('exited', 130), 'stopped');
  assert.equal(ended('killed', 137), 'killed');
  assert.equal(ended('crashed', 134), 'crashed');
});

function runOf(list: FakeRecord[]): OpenRun {
  const records = new FakeRecords(list);
  const trace = Object.defineProperty(records, 'lastTime', { get: () => list.at(-1)?.time ?? 0 }) as unknown as Trace;
  return new OpenRun(pool, 'live', trace, { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
}

test('a run goes on while nothing is recorded', () => {
  const list: FakeRecord[] = [{ kind: Kind.run_start, time: 2e6 }];
  const run = runOf(list);
  run.advance();
  assert.equal(run.at().now, 2e6);
  run.elapse(1000);
  assert.equal(run.at().now, 2e6);
  run.elapse(1016);
  assert.equal(run.at().now, 18e6);
  list.push({ kind: Kind.progress, time: 30e6 });
  run.advance();
  run.elapse(1020);
  assert.equal(run.at().now, 30e6, 'a later record corrects the clock');
  run.elapse(1025);
  assert.equal(run.at().now, 35e6);
  assert.equal(run.at().length, 33e6);
});

test('a run that ended is as long as it says', () => {
  const run = runOf([
    { kind: Kind.run_start, time: 1e6 },
    { kind: Kind.run_end, time: 9e6 },
    { kind: Kind.thread_end, time: 12e6 },
  ]);
  run.advance();
  assert.equal(run.at().length, 8e6);
  assert.equal(run.at().start, 0, 'the axis begins with the run’s clock');
});

test('a run that begins late on its clock is shown from there', () => {
  const run = runOf([{ kind: Kind.run_start, time: 5e9 }]);
  run.advance();
  assert.equal(run.at().start, 5e9);
});

/** An open run of these records, names included. */
function recordedRunOf(list: FakeRecord[]): OpenRun {
  const writer = new TraceWriter();
  for (const record of list) writer.addFake(record);
  return new OpenRun(pool, 'recorded', writer.trace, { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
}

/** All that a moment tells. */
function told(moment: Moment): unknown {
  const numbers = [1, 2, 3, 4, 5, 20, 21, firstSharedObject, firstSharedObject + 1];
  return {
    index: moment.index,
    start: moment.start,
    length: moment.length,
    ending: moment.ending,
    now: moment.now,
    losses: [moment.losses.dropped, moment.losses.missing],
    names: [1, 2].map((process) =>
      numbers.map((number) => [
        moment.string(process, number - 1),
        moment.threadName(process, number),
        moment.objectName(process, number),
        moment.objectType(process, number),
      ]),
    ),
    folds: [
      Processes,
      Lanes,
      ConsoleLines,
      Tasks,
      TaskNumbers,
      Marks,
      Progress,
      Summary,
      KindsSeen,
      Depth,
      Gates,
      Gils,
      Holders,
      Pipes,
      Samples,
      Rows,
      Images,
      Deadlocks,
    ].map((kind) => plain(moment.fold<Fold>(kind))),
  };
}

test('a moment tells what the run knew then, and nothing that came after it', async () => {
  for (let seed = 1; seed <= 3; seed += 1) {
    const list = randomRun(seed, 6000);
    const run = recordedRunOf(list);
    await run.complete();
    run.end({ kind: 'finished', code: 0 });
    const random = randomNumbers(seed * 5);
    for (let times = 0; times < 12; times += 1) {
      const index = Math.floor(random() * list.length);
      const prefix = recordedRunOf(list.slice(0, index));
      await prefix.complete();
      assert.deepEqual(told(run.at(index)), told(prefix.at()), `seed ${seed}, after ${index} records`);
      assert.equal(run.at(index), run.at(index), 'asked for again it is the same');
    }
    assert.deepEqual(run.at(list.length).ending, { kind: 'finished', code: 0 });
  }
});

test('names are given anew: a moment has the latest before it', async () => {
  const run = recordedRunOf([
    { kind: Kind.thread_name, time: 0, thread: 2, payload: 'Thread-1' },
    { kind: Kind.object_name, time: 0, object: 3, detail: ObjectType.lock, payload: 'lock' },
    { kind: Kind.thread_name, time: 0, thread: 2, payload: 'producer' },
    { kind: Kind.object_name, time: 0, object: 3, detail: ObjectType.queue, payload: 'items' },
    { kind: Kind.thread_name, time: 0, thread: 2, payload: 'consumer' },
  ]);
  await run.complete();
  const names = Array.from({ length: 6 }, (_, index) => run.at(index).threadName(1, 2));
  assert.deepEqual(names, [undefined, 'Thread-1', 'Thread-1', 'producer', 'producer', 'consumer']);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((index) => run.at(index).objectName(1, 3)),
    [undefined, 'lock', 'lock', 'items', 'items'],
  );
  assert.deepEqual(
    [1, 2, 4].map((index) => run.at(index).objectType(1, 3)),
    [0, ObjectType.lock, ObjectType.queue],
  );
});

test('the end of a run is a moment that goes on with it, and nothing is copied for it', () => {
  const list = randomRun(4, 500);
  const run = recordedRunOf(list.slice(0, 300));
  run.advance();
  const end = run.at();
  const lanes = end.lanes;
  for (const record of list.slice(300)) new TraceWriter(run.trace).addFake(record);
  run.advance();
  assert.equal(run.at(), end);
  assert.equal(run.at(list.length), end, 'a cursor at the end is the end');
  assert.equal(end.lanes, lanes, 'and its folds are the ones that go on');
  assert.equal(end.index, list.length);
  assert.notEqual(run.at(300).lanes, lanes);
});

test('the page shows the moment of the cursor, which is moved for all views at once', async () => {
  const list = randomRun(2, 3000);
  const shown = recordedRunOf(list);
  await shown.complete();
  showRun(shown);
  const frames: FrameRequestCallback[] = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  const nextFrame = () => {
    for (const callback of frames.splice(0)) callback(0);
  };
  const drawn: (number | undefined)[] = [];
  drawWhenChanged(() => void drawn.push(moment()?.console.length));
  const printed = (count: number) => list.slice(0, count).filter(({ kind }) => kind === Kind.console).length;
  for (const cursor of [1000, 10, null]) {
    shown.cursor.value = cursor;
    nextFrame();
  }
  showRun(null);
  nextFrame();
  assert.deepEqual(drawn, [printed(list.length), printed(1000), printed(10), printed(list.length), undefined]);
});

test('a fold that is asked for late catches up slice by slice, and says so', async () => {
  const run = recordedRunOf(randomRun(6, 60_000));
  await run.complete();
  assert.equal(run.behind.value, false);
  const depth = run.at().fold(Depth);
  assert.equal(run.behind.value, true);
  const early = plain(run.at(1000).fold(Depth));
  while (run.behind.value) run.advance();
  assert.equal(run.at().fold(Depth), depth);
  assert.deepEqual(plain(depth), plain(foldedFrom(Depth, run.trace, 60_001)));
  assert.deepEqual(plain(run.at(1000).fold(Depth)), early);
});

test('a moment that a run has just reached does not go on with it', async () => {
  const list = randomRun(8, 40_000);
  const run = recordedRunOf(list);
  // One slice is folded: the cursor stands where the folds stand, then beyond them.
  const taken = 16_384;
  const expected = (index: number) => plain(foldedFrom(Lanes, run.trace, index));
  const slow = performance.now;
  let time = 0;
  performance.now = () => (time += 1000);
  run.advance();
  performance.now = slow;
  assert.equal(run.at().index, taken);
  const [at, beyond] = [run.at(taken), run.at(taken + 10)];
  assert.deepEqual(plain(at.lanes), expected(taken));
  assert.deepEqual(plain(beyond.lanes), expected(taken));
  await run.complete();
  assert.deepEqual(plain(at.lanes), expected(taken));
  assert.deepEqual(plain(beyond.lanes), expected(taken + 10));
});
