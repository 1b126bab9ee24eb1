import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { commands, isForTimeline } from '../../web/src/app/commands.ts';
import { timelineCommands } from '../../web/src/app/timeline_commands.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { focus, moment, moveFocus, noFocus, openRun, range, selected, showRun, whole } from '../../web/src/app/state.ts';
import { Kind, Reason, Unblocked } from '../../web/src/trace/kinds.ts';
import { pool } from './support/demos.ts';
import { TraceWriter } from './support/trace_writer.ts';

/** Frames that the page asks for, which are drawn when the test says so. */
const frames: (() => void)[] = [];
globalThis.requestAnimationFrame = (draw) => frames.push(() => draw(0));
const drawFrame = () => {
  for (const draw of frames.splice(0)) draw();
};

const { focusTime, isPlaying, leave, marked, moveToRecord, moveToTime, perform, speed, travelCommandFor, travelCommands } = await import(
  '../../web/src/app/travel.ts'
);

const ms = 1e6;

async function open(): Promise<OpenRun> {
  const writer = new TraceWriter();
  for (const record of [
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.thread_start, time: 1 * ms, thread: 2, object: 5, detail: 1 },
    { kind: Kind.blocked, time: 2 * ms, thread: 2, object: 8, detail: Reason.event },
    { kind: Kind.console, time: 4 * ms, payload: 'one' },
    { kind: Kind.event_set, time: 6 * ms, object: 8, sequence: 1 },
    { kind: Kind.unblocked, time: 7 * ms, thread: 2, object: 8, detail: Unblocked.woken, argumentHigh: 1 },
    { kind: Kind.console, time: 8 * ms, payload: 'two' },
    { kind: Kind.run_end, time: 10 * ms },
  ] as const)
    writer.addFake(record);
  const run = new OpenRun(pool, 'recorded', writer.trace, { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
  await run.complete();
  run.end({ kind: 'finished', code: 0 });
  showRun(run);
  return run;
}

beforeEach(open);
afterEach(() => {
  leave();
  showRun(null);
  frames.length = 0;
});

test('the focus is the cursor of the run: a moment of it is shown, and the whole run stays', () => {
  moveToTime(5 * ms);
  assert.equal(openRun.value!.cursor.value, 4);
  assert.deepEqual([moment()!.console.length, whole()!.console.length], [1, 2]);
  assert.deepEqual([moment()!.ending, whole()!.ending?.kind], [null, 'finished']);
  assert.equal(focusTime(), 5 * ms, 'where the axis was pointed at, between two records');
  perform('toEnd');
  assert.equal(moment(), whole());
  perform('toStart');
  assert.equal(moment()!.index, 1);
});

test('another run is shown from its end, without focus or marks', async () => {
  moveToTime(5 * ms, { process: 1, thread: 2 });
  perform('mark');
  const first = openRun.value!;
  await open();
  assert.equal(focus.value, noFocus);
  assert.deepEqual(marked.value, []);
  assert.equal(openRun.value!.cursor.value, null);
  showRun(first);
  assert.equal(first.cursor.value, null, 'also one that was left at a moment');
});

test('the span that the thread in focus is in is selected', () => {
  moveToTime(3 * ms, { process: 1, thread: 2 });
  assert.deepEqual(selected.value, { process: 1, thread: 2, index: 1, task: false });
  moveToTime(8 * ms);
  const lane = whole()!.lanes.find(1, 2)!;
  assert.equal(lane.starts.at(selected.value!.index), 7 * ms, 'it has moved with the focus');
  moveToRecord(3);
  assert.deepEqual([focus.value.thread, selected.value!.thread], [1, 1]);
});

test('a record that is not there leaves the focus where it is', () => {
  moveToRecord(2);
  const before = focus.value;
  moveToRecord(-1);
  moveToRecord(1000);
  assert.equal(focus.value, before);
  perform('toEnd');
  perform('nextRecord');
  assert.equal(focus.value.index, null, 'nothing comes after the end');
});

test('playing takes the moments of the run at its speed, to its end', (context) => {
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  speed.value = 0.5;
  moveToTime(2 * ms);
  perform('play');
  const seen: number[] = [];
  for (; isPlaying.value; now += 4) {
    drawFrame();
    seen.push(focusTime() / ms);
  }
  assert.deepEqual(seen, [2, 4, 6, 8, 10], 'with the step that reaches the end it is over');
  assert.equal(focus.value.index, null);
  speed.value = 1;
});

test('playing goes on from the start if the end is shown, and any step pauses it', () => {
  perform('play');
  assert.equal(moment()!.index, 1);
  perform('nextRecord');
  assert.equal(isPlaying.value, false);
});

test('marks are set and taken away; the range goes from the nearest to the focus', () => {
  moveToTime(2 * ms);
  perform('mark');
  moveToTime(9 * ms);
  perform('mark');
  moveToTime(6 * ms);
  perform('measure');
  assert.deepEqual(range.value, { start: 6 * ms, end: 9 * ms });
  moveToTime(9 * ms);
  perform('mark');
  assert.deepEqual(marked.value, [2 * ms]);
  moveFocus({ index: 1 });
  marked.value = [];
  perform('measure');
  assert.deepEqual(range.value, { start: 0, end: 0 }, 'without a mark from the start');
});

const press = (code: string, key: string, more: Partial<KeyboardEvent> = {}) =>
  ({ code, key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as KeyboardEvent;

test('keys: a sign goes before its place on the keyboard', () => {
  assert.equal(travelCommandFor(press('Comma', ','), 'timeline'), 'previousRecord');
  assert.equal(travelCommandFor(press('Comma', '<', { shiftKey: true }), 'timeline'), 'previousOfAny');
  assert.equal(travelCommandFor(press('Period', ':', { shiftKey: true }), 'timeline'), 'nextOfAny', 'on a German keyboard');
  assert.equal(travelCommandFor(press('Comma', '.', { shiftKey: true }), 'timeline'), 'nextRecord', 'on a French keyboard');
  assert.equal(travelCommandFor(press('KeyR', 'r', { ctrlKey: true }), 'timeline'), null, 'Ctrl + R loads the page anew');
  assert.equal(travelCommandFor(press('Space', ' '), 'page'), null, 'the space bar acts on the timeline only');
  assert.equal(travelCommandFor(press('Space', ' '), 'timeline'), 'play');
});

test('keys: each is one that the first script lets through, and means one thing', () => {
  const keys = travelCommands.flatMap(({ keys: own }) => own);
  for (const { key, code } of keys) {
    const typed = key ?? code!.replace(/^Key/, '').replace('Comma', ';').replace('Period', ':');
    assert.ok(isForTimeline(press(code ?? '', typed)), typed);
  }
  const written = [...keys, ...[...commands, ...timelineCommands].flatMap(({ keys: own }) => own)].map(({ key, code }) => key ?? code);
  assert.deepEqual(
    keys.map(({ key, code }) => key ?? code).filter((each) => written.indexOf(each) !== written.lastIndexOf(each)),
    [],
  );
});
