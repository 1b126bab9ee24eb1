import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { ConsoleLines } from '../../web/src/folds/console.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { exitText } from '../../web/src/views/processes/exit_text.ts';
import type { Moment } from '../../web/src/app/moment.ts';
import { Kind, Reason, Unblocked, Work } from '../../web/src/trace/kinds.ts';
import { FilteredLines, visibleRows } from '../../web/src/views/console/lines.ts';
import { scaleTop } from '../../web/src/views/kit/steps_painter.ts';
import { statement } from '../../web/src/views/kit/statement.ts';
import { categories, categoryOfState, paints, patternTile } from '../../web/src/views/kit/palette.ts';
import type { Track } from '../../web/src/views/kit/track.ts';
import { threadMark } from '../../web/src/views/kit/threads.ts';
import {
  laneHeight,
  laneOf,
  laneParts,
  orderLanes,
  outOfSight,
  placeRows,
  rowsOf,
  withTracks,
} from '../../web/src/views/timeline/layout.ts';
import { rowsOfProcesses, withTracksOfProcesses } from '../../web/src/views/timeline/process_layout.ts';
import type { Row } from '../../web/src/views/timeline/layout.ts';
import { limitsOf } from '../../web/src/app/limits.ts';
import { around, pan, toPixel, toTime, visible, zoom } from '../../web/src/views/kit/axis/scale.ts';
import { totalsOf } from '../../web/src/views/kit/totals.ts';
import { paintWorkNames } from '../../web/src/views/timeline/work_painter.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

/** The part of the browser that the raster draws into. */
globalThis.ImageData = class {
  readonly data: Uint8ClampedArray;
  constructor(width: number, height: number) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }
} as unknown as typeof ImageData;

const { Raster } = await import('../../web/src/views/kit/raster.ts');

function lanesOf(list: FakeRecord[]): Lanes {
  const lanes = new Lanes();
  lanes.take(new FakeRecords(list), 0, list.length);
  return lanes;
}

/** A raster in which each category has one plain colour: its place + 1. */
function painted(list: FakeRecord[], width: number, height: number, now: number): Uint32Array {
  const raster = new Raster(width, height);
  const tiles = categories.map((_, place) => ({ size: 1, pixels: new Uint32Array([place + 1]) }));
  raster.lane(lanesOf(list).list[0]!, { top: 0, height }, { start: 0, end: now }, now, tiles);
  return new Uint32Array(raster.image.data.buffer);
}

const place = (category: (typeof categories)[number]) => categories.indexOf(category) + 1;

test('raster: spans wider than a pixel fill their columns', () => {
  const pixels = painted(
    [
      { kind: Kind.thread_start, time: 0 },
      { kind: Kind.blocked, time: 40, detail: Reason.queue_get },
      { kind: Kind.thread_end, time: 80 },
    ],
    10,
    4,
    100,
  );
  const row = [...pixels.slice(0, 10)];
  assert.deepEqual(row, [1, 1, 1, 1, place('get'), place('get'), place('get'), place('get'), 0, 0]);
  for (let y = 1; y < 4; y += 1) assert.deepEqual([...pixels.slice(y * 10, y * 10 + 10)], row);
});

test('raster: a lane that waits nine tenths of the time looks it', () => {
  const list: FakeRecord[] = [{ kind: Kind.thread_start, time: 0 }];
  for (let time = 0; time < 100_000; time += 10) {
    list.push({ kind: Kind.blocked, time: time + 1, detail: Reason.sleep }, { kind: Kind.unblocked, time: time + 10 });
  }
  const pixels = painted(list, 50, 20, 100_000);
  const sleeping = pixels.filter((pixel) => pixel === place('sleep')).length;
  assert.equal(sleeping / pixels.length, 0.9);
});

test('raster: work, ready and unwinding are told from running and from waiting', () => {
  const pixels = painted(
    [
      { kind: Kind.thread_start, time: 0 },
      { kind: Kind.work_begin, time: 10, argument: Work.computes, detail: 1 },
      { kind: Kind.work_end, time: 20 },
      { kind: Kind.work_begin, time: 20, argument: Work.waits, detail: 1 },
      { kind: Kind.work_end, time: 30 },
      { kind: Kind.blocked, time: 40, object: 9, detail: Reason.event },
      { kind: Kind.event_set, time: 50, thread: 2, object: 9, sequence: 1 },
      { kind: Kind.unblocked, time: 60, object: 9, argumentHigh: 1 },
      { kind: Kind.blocked, time: 60, object: 10, detail: Reason.gil },
      { kind: Kind.unblocked, time: 70, object: 10 },
      { kind: Kind.blocked, time: 80, object: 9, detail: Reason.event },
      { kind: Kind.unblocked, time: 90, object: 9, detail: Unblocked.deadlock },
    ],
    10,
    4,
    100,
  );
  assert.deepEqual(
    [...pixels.slice(0, 10)],
    ['running', 'computing', 'io', 'running', 'other', 'ready', 'ready', 'running', 'other', 'unwinding'].map((name) =>
      place(name as (typeof categories)[number]),
    ),
  );
});

test('palette: colour is not all that tells what a thread does', () => {
  const patterns = categories.map((category) => patternTile(category, { fill: [0, 0, 0], mark: [255, 255, 255] }, 1).pixels.join());
  assert.equal(new Set(patterns).size, categories.length, 'each category has a pattern of its own');
  for (const dark of [false, true]) {
    for (const category of ['computing', 'io', 'ready', 'unwinding'] as const) {
      const { fill, mark } = paints(dark)[category];
      assert.ok(contrast(fill, mark) >= 3, `${category}, ${dark ? 'dark' : 'light'}: ${contrast(fill, mark).toFixed(2)}`);
    }
  }
});

test('names of work are written where they have room, once a span', () => {
  const lanes = lanesOf([
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.work_begin, time: 100, argument: Work.computes, detail: 1 },
    { kind: Kind.work_end, time: 500 },
    { kind: Kind.work_begin, time: 505, argument: Work.computes, detail: 1 },
    { kind: Kind.work_end, time: 525 },
    { kind: Kind.work_begin, time: 600, argument: Work.waits, detail: 2 },
  ]);
  const written: [text: string, x: number][] = [];
  const context = {
    measureText: (text: string) => ({ width: text.length * 6 }),
    fillRect: () => {},
    fillText: (text: string, x: number) => written.push([text, x]),
  } as unknown as CanvasRenderingContext2D;
  const moment = { now: 800, string: (_: number, id: number) => ['', 'eat', 'fetch'][id] } as unknown as Moment;
  const paint = (height: number) =>
    paintWorkNames(context, moment, lanes.list[0]!, { top: 0, height }, { start: 0, end: 1000 }, 1000, 1, '', { ground: '', text: '' });
  paint(22);
  assert.deepEqual(written, [
    ['eat', 291],
    ['fetch', 685],
  ]);
  paint(8);
  assert.equal(written.length, 2, 'the band is too low for text');
});

/** As WCAG has it. */
function contrast(...colours: [fill: number[], mark: number[]]): number {
  const [low, high] = colours
    .map((colour) => colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)))
    .map(([red, green, blue]) => 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05)
    .sort((a, b) => a - b);
  return high! / low!;
}

test('raster: a wait for a lock is seen however short it was', () => {
  const pixels = painted(
    [
      { kind: Kind.thread_start, time: 0 },
      { kind: Kind.blocked, time: 50_000, detail: Reason.lock },
      { kind: Kind.unblocked, time: 50_001 },
    ],
    100,
    24,
    100_000,
  );
  assert.equal(pixels.filter((pixel) => pixel === place('lock')).length, 2);
});

test('scale: pixels and times are each other’s inverse', () => {
  const span = { start: 1e6, end: 3e6 };
  for (const pixel of [0, 17, 640]) assert.ok(Math.abs(toPixel(toTime(pixel, span, 640), span, 640) - pixel) < 1e-9);
});

test('scale: zooming keeps the moment under the pointer, within the run', () => {
  const limits = limitsOf(0, 1e9);
  const closer = zoom(limits, 4e8, 2, limits);
  assert.ok(closer);
  assert.ok(Math.abs(toPixel(4e8, closer, 1000) - toPixel(4e8, limits, 1000)) < 1e-6);
  assert.equal(zoom(closer, 4e8, 0.1, limits), null, 'out far enough is everything');
  const closest = zoom(closer, 4e8, 1e12, limits)!;
  assert.ok(closest.end - closest.start >= 1000);
  assert.deepEqual(pan(closer, -1e12, limits).start, limits.start);
  assert.deepEqual(pan(closer, 1e12, limits).end, limits.end);
  assert.equal(around(0, 1e9, limits), null);
});

test('scale: following keeps the length and the end', () => {
  const limits = limitsOf(0, 1e9);
  assert.deepEqual(visible({ start: 0, end: 1e8 }, true, limits), { start: limits.end - 1e8, end: limits.end });
  assert.deepEqual(visible({ start: 0, end: 1e8 }, false, limits), { start: 0, end: 1e8 });
  assert.deepEqual(visible(null, true, limits), limits);
});

test('layout: lanes by process and thread, task rows only where there are tasks', () => {
  const lanes = lanesOf([
    { kind: Kind.thread_start, time: 0, process: 2, thread: 1 },
    { kind: Kind.thread_start, time: 1, thread: 3 },
    { kind: Kind.thread_start, time: 2, thread: 2 },
  ]).list;
  assert.deepEqual(
    orderLanes(lanes).map(({ process, thread }) => `${process}/${thread}`),
    ['1/2', '1/3', '2/1'],
  );
  assert.equal(laneParts(0, 30, 1, false).tasks, null);
  const { state, tasks } = laneParts(60, 30, 2, true);
  assert.equal(tasks!.top + tasks!.height, state.top);
  assert.ok(laneHeight(33, true) >= 24, 'a finger finds its lane');
});

test('totals: of a stretch of the run', () => {
  const [lane] = lanesOf([
    { kind: Kind.thread_start, time: 100 },
    { kind: Kind.blocked, time: 200, detail: Reason.lock },
    { kind: Kind.unblocked, time: 300 },
    { kind: Kind.thread_end, time: 400 },
  ]).list;
  const { alive, byCategory } = totalsOf(lane!, 0, 1000, 1000);
  assert.deepEqual([alive, byCategory.get('running'), byCategory.get('lock')], [300, 200, 100]);
  assert.equal(totalsOf(lane!, 500, 900, 1000).alive, 0);
});

test('palette: every reason has a category', () => {
  for (const reason of Object.values(Reason)) assert.ok(categoryOfState[reason]);
  assert.equal(categoryOfState[31], null);
});

test('threads: the main thread is neutral, others differ until colours and dashings are used up', () => {
  assert.equal(threadMark(1, 1).colour, -1);
  const marks = Array.from({ length: 21 }, (_, index) => JSON.stringify(threadMark(1, index + 2)));
  assert.equal(new Set(marks).size, 21);
});

test('console: filtering goes on as lines arrive', () => {
  const lines = new ConsoleLines();
  const records = new FakeRecords(['Produced 1', 'consumed 1', 'produced 2'].map((payload) => ({ kind: Kind.console, time: 0, payload })));
  lines.take(records, 0, 2);
  const filtered = new FilteredLines('PRODUCED');
  assert.equal(filtered.count(lines), 1);
  lines.take(records, 2, 3);
  assert.equal(filtered.count(lines), 2);
  assert.deepEqual([filtered.at(0), filtered.at(1)], [0, 2]);
  assert.equal(new FilteredLines('').count(lines), 3);
});

test('console: only rows in sight, and some around them, are there', () => {
  assert.deepEqual(visibleRows(0, 220, 22, 100_000), { first: 0, last: 13 });
  const { first, last } = visibleRows(50_000 * 22, 220, 22, 100_000);
  assert.ok(first <= 50_000 && last >= 50_010 && last - first < 20);
  assert.deepEqual(visibleRows(1e9, 220, 22, 5), { first: 2, last: 5 });
});

test('counters: the scale ends with the limit if it is near, else with a round number', () => {
  assert.equal(scaleTop(3, 5), 5);
  assert.equal(scaleTop(3, 10_000), 3);
  assert.equal(scaleTop(23, 0), 25);
  assert.equal(scaleTop(0, 0), 1);
});

test('checks: figures are filled into their statement', () => {
  const label = { en: '{arrived} of {items} items arrived exactly once', zh: '{items}' };
  const figures = (name: string) => ({ arrived: '1,000', items: '1,000' })[name] ?? null;
  assert.equal(statement('exactly_once', { name: 'exactly_once', label }, figures), '1,000 of 1,000 items arrived exactly once');
  assert.equal(
    statement('exactly_once', { name: 'exactly_once', label }, () => null),
    label.en,
  );
  assert.equal(statement('unknown', undefined, figures), 'unknown');
});

const numberOf = (_: number, thread: number) => String(thread);
const textOf = ({ process, lanes }: Row) => `${process ? `P${process.number}` : ''}${lanes.map(({ thread }) => `T${thread}`).join('')}`;

test('rows: threads of one name that follow each other share a row, those at the same time do not', () => {
  const list: FakeRecord[] = [
    { kind: Kind.thread_start, time: 0, thread: 1 },
    { kind: Kind.thread_start, time: 10, thread: 2 },
    { kind: Kind.thread_start, time: 11, thread: 3 },
    { kind: Kind.thread_end, time: 20, thread: 2 },
    { kind: Kind.thread_start, time: 20, thread: 4 },
    { kind: Kind.thread_end, time: 30, thread: 3 },
    { kind: Kind.thread_start, time: 40, thread: 5 },
    { kind: Kind.thread_start, time: 41, thread: 6 },
    { kind: Kind.thread_end, time: 50, thread: 4 },
    { kind: Kind.thread_start, time: 60, thread: 7 },
  ];
  const names = ['', 'main', 'reader', 'reader', 'reader', 'reader', 'writer', 'reader'];
  const rows = rowsOf(lanesOf(list).list, (_, thread) => names[thread]!);
  assert.deepEqual(rows.map(textOf), ['T1', 'T2T4T7', 'T3T5', 'T6']);
  assert.equal(laneOf(rows[1]!, { process: 1, thread: 4 })?.start, 20);
  assert.equal(laneOf(rows[1]!, { process: 1, thread: 3 }), undefined);
});

/** So many processes, the second of which has two threads. */
function rowsOfRun(processes: number, chosen: [number, boolean][] = []): string[] {
  const list: FakeRecord[] = [{ kind: Kind.thread_start, time: 0 }];
  for (let number = 2; number <= processes; number += 1) {
    list.push(
      { kind: Kind.process_start, time: number, argument: number, argumentHigh: 1 },
      { kind: Kind.thread_start, time: number, process: number },
    );
  }
  if (processes > 1) list.push({ kind: Kind.thread_start, time: 50, process: 2, thread: 2 });
  const folded = new Processes();
  folded.take(new FakeRecords(list), 0, list.length);
  const { list: lanes } = lanesOf(list);
  return (folded.areSeveral ? rowsOfProcesses(lanes, folded, new Map(chosen), numberOf) : rowsOf(lanes, numberOf)).map(textOf);
}

test('rows: one process needs no head; of several each has one, with its threads below', () => {
  assert.deepEqual(rowsOfRun(1), ['T1']);
  assert.deepEqual(rowsOfRun(3), ['P1', 'T1', 'P2', 'T1', 'T2', 'P3', 'T1']);
});

test('rows: a process that is folded is one row, with its main thread', () => {
  assert.deepEqual(
    rowsOfRun(3, [
      [1, true],
      [2, true],
    ]),
    ['P1T1', 'P2T1', 'P3', 'T1'],
  );
});

test('rows: many processes are folded, but for those with several threads and those that were opened', () => {
  assert.deepEqual(rowsOfRun(10, [[4, false]]).slice(0, 7), ['P1T1', 'P2', 'T1', 'T2', 'P3T1', 'P4', 'T1']);
});

const trackOf = (name: string, process: number): Track => ({
  key: name,
  process,
  name,
  label: name,
  size: 'low',
  paint: () => {},
  textAt: () => null,
});

test('tracks stand below the threads of their process, shared ones at the end', () => {
  const list: FakeRecord[] = [
    { kind: Kind.thread_start, time: 0 },
    { kind: Kind.process_start, time: 1, argument: 2, argumentHigh: 1 },
    { kind: Kind.thread_start, time: 2, process: 2 },
  ];
  const processes = new Processes();
  processes.take(new FakeRecords(list), 0, list.length);
  const rows = (chosen: [number, boolean][]) =>
    withTracksOfProcesses(
      rowsOfProcesses(lanesOf(list).list, processes, new Map(chosen), numberOf),
      [trackOf('shared', 0), trackOf('own of 2', 2), trackOf('own of 1', 1)],
      processes,
    ).map((row) => row.track?.name ?? textOf(row));
  assert.deepEqual(rows([]), ['P1', 'T1', 'own of 1', 'P2', 'T1', 'own of 2', 'shared']);
  assert.deepEqual(rows([[2, true]]), ['P1', 'T1', 'own of 1', 'P2T1', 'shared'], 'those of a process that is folded go with it');
  assert.deepEqual(
    withTracks([], [trackOf('a', 1), trackOf('b', 0)]).map(({ track }) => track?.name),
    ['a', 'b'],
  );
});

test('rows lie below each other, and those out of sight are counted', () => {
  const rows = placeRows(
    [
      { lanes: [], process: null },
      { lanes: [], process: null },
      { lanes: [], process: null, track: trackOf('lock', 1) },
    ],
    30,
  );
  assert.deepEqual(
    rows.map(({ top, height }) => [top, height]),
    [
      [0, 30],
      [30, 30],
      [60, 31],
    ],
  );
  assert.deepEqual(outOfSight(rows, 0, 91).below, { lanes: 0, tracks: 0 });
  assert.deepEqual(outOfSight(rows, 0, 40), { above: { lanes: 0, tracks: 0 }, below: { lanes: 1, tracks: 1 } });
  assert.deepEqual(outOfSight(rows, 35, 60), { above: { lanes: 2, tracks: 0 }, below: { lanes: 0, tracks: 0 } });
});

test('lanes are higher where there is room, and no lower for the lack of it', () => {
  assert.deepEqual(
    [laneHeight(5, false, 150), laneHeight(5, false, 180), laneHeight(2, false, 900), laneHeight(5, false, -40)],
    [30, 36, 40, 30],
  );
});

test('threads: processes have marks of their own', () => {
  const marks = Array.from({ length: 21 }, (_, index) => JSON.stringify(threadMark(index + 2, 1)));
  assert.equal(new Set(marks).size, 21);
  assert.notDeepEqual(threadMark(2, 2), threadMark(2, 1));
});

test('exit codes are told as Python tells them', () => {
  assert.deepEqual([0, 3, -9, -15, -6, -4].map(exitText), ['0', '3', '-9 (SIGKILL)', '-15 (SIGTERM)', '-6 (SIGABRT)', '-4 (signal 4)']);
});
