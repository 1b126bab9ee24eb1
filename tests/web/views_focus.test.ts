import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { Tasks } from '../../web/src/folds/tasks.ts';
import { ThreadObjects } from '../../web/src/folds/thread_objects.ts';
import { firstSharedObject, Kind, Reason, Unblocked } from '../../web/src/trace/kinds.ts';
import { shown } from '../../web/src/app/state.ts';
import { around, enterWindow, windowsAround } from '../../web/src/views/kit/axis/crumbs.ts';
import { limitsOf } from '../../web/src/app/limits.ts';
import { around as roomAround, toPixel } from '../../web/src/views/kit/axis/scale.ts';
import { chainOf } from '../../web/src/views/moment/chain.ts';
import { historyOf } from '../../web/src/views/moment/history.ts';
import { momentTexts } from '../../web/src/views/moment/texts.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

/** Nothing is drawn. */
globalThis.requestAnimationFrame = () => 0;

function folded<F extends Fold>(fold: F, list: FakeRecord[]): F {
  fold.take(new FakeRecords(list), 0, list.length);
  return fold;
}

/** The chain from a thread: who waits for whom, and by what tie. */
function chain(list: FakeRecord[], process: number, thread: number) {
  const [threads, tasks, processes] = [folded(new ThreadObjects(), list), folded(new Tasks(), list), folded(new Processes(), list)];
  const found = chainOf(
    {
      lanes: folded(new Lanes(), list),
      locks: folded(new Holders(), list).locks,
      gils: folded(new Gils(), list).list,
      task: (of, future) => tasks.find(of, future),
      threadOf: (of, object) => threads.of(of, object),
      processOf: (object) => processes.list.find((each) => each.object === object)?.number,
    },
    process,
    thread,
  );
  return {
    links: found.links.map(({ process: of, thread: number, tie, queued }) => `${of}/${number} ${queued ? 'queued' : (tie ?? '')}`.trim()),
    cycle: found.cycle,
  };
}

const start = (thread: number, object = 0): FakeRecord => ({ kind: Kind.thread_start, time: 0, thread, object });

test('why it waits: for a lock whose holder waits for the end of a thread that runs', () => {
  const list: FakeRecord[] = [
    start(1),
    start(2, 52),
    start(3, 53),
    { kind: Kind.lock_acquire, time: 1, thread: 2, object: 8 },
    { kind: Kind.blocked, time: 2, thread: 2, object: 53, detail: Reason.thread_join },
    { kind: Kind.blocked, time: 3, thread: 1, object: 8, detail: Reason.lock },
  ];
  assert.deepEqual(chain(list, 1, 1), { links: ['1/1 holds', '1/2 is', '1/3'], cycle: -1 });
  assert.deepEqual(chain(list, 1, 3), { links: ['1/3'], cycle: -1 }, 'one that does not wait');
  assert.deepEqual(chain(list, 1, 9), { links: [], cycle: -1 }, 'one that is not there');
});

test('why it waits: a cycle is told, and where it begins', () => {
  const list: FakeRecord[] = [
    start(1),
    start(2),
    start(3),
    { kind: Kind.lock_acquire, time: 1, thread: 2, object: 8 },
    { kind: Kind.lock_acquire, time: 1, thread: 3, object: 9 },
    { kind: Kind.blocked, time: 2, thread: 2, object: 9, detail: Reason.lock },
    { kind: Kind.blocked, time: 2, thread: 3, object: 8, detail: Reason.lock },
    { kind: Kind.blocked, time: 3, thread: 1, object: 8, detail: Reason.lock },
  ];
  assert.deepEqual(chain(list, 1, 1), { links: ['1/1 holds', '1/2 holds', '1/3 holds'], cycle: 1 });
  assert.deepEqual(chain(list, 1, 3).cycle, 0);
  assert.deepEqual(chain(list.slice(0, -2), 1, 2), { links: ['1/2 holds', '1/3'], cycle: -1 }, 'before the cycle was closed');
});

test('why it waits: writers wait for readers, and no reader for itself', () => {
  const list: FakeRecord[] = [
    start(2),
    start(3),
    { kind: Kind.read_acquire, time: 1, thread: 2, object: 8, argument: 1 },
    { kind: Kind.read_acquire, time: 1, thread: 3, object: 8, argument: 2 },
    { kind: Kind.blocked, time: 2, thread: 2, object: 8, detail: Reason.write_lock },
  ];
  assert.deepEqual(chain(list, 1, 2), { links: ['1/2 reads', '1/3'], cycle: -1 });
});

test('why it waits: for the GIL, for a task that runs or is queued, for a process, for anybody', () => {
  const shared = firstSharedObject + 7;
  const list: FakeRecord[] = [
    start(1),
    start(2),
    start(3),
    { kind: Kind.gil_open, time: 0, object: 40, argument: 5 },
    { kind: Kind.gil_acquire, time: 1, thread: 3, object: 40 },
    { kind: Kind.blocked, time: 2, thread: 2, object: 40, detail: Reason.gil },
    { kind: Kind.task_submit, time: 2, object: 60, detail: 50 },
    { kind: Kind.task_submit, time: 2, object: 61, detail: 50 },
    { kind: Kind.task_start, time: 3, thread: 2, object: 60, detail: 50 },
    { kind: Kind.process_start, time: 3, object: shared, argument: 2, argumentHigh: 1 },
    { kind: Kind.thread_start, time: 4, process: 2 },
    { kind: Kind.blocked, time: 5, process: 2, object: 9, detail: Reason.queue_get },
  ];
  const waitingFor = (object: number, reason: number) =>
    chain([...list, { kind: Kind.blocked, time: 9, object, detail: reason }], 1, 1).links;
  assert.deepEqual(waitingFor(60, Reason.future), ['1/1 runs', '1/2 hasGil', '1/3']);
  assert.deepEqual(waitingFor(61, Reason.future), ['1/1 queued']);
  assert.deepEqual(waitingFor(shared, Reason.process), ['1/1 is', '2/1']);
  assert.deepEqual(waitingFor(70, Reason.event), ['1/1']);
});

const recordsOf = (list: FakeRecord[]) =>
  list.map(({ kind, time, thread = 1, object = 0, detail = 0 }, index) => ({
    index,
    time,
    process: 1,
    thread,
    kind,
    object,
    detail,
    argument: 0,
    where: '',
    text: '',
  }));

test('the history of an object has how long each wait and each hold was', () => {
  const events = historyOf(
    recordsOf([
      { kind: Kind.lock_acquire, time: 10, thread: 2 },
      { kind: Kind.blocked, time: 12, thread: 3 },
      { kind: Kind.lock_release, time: 30, thread: 2 },
      { kind: Kind.unblocked, time: 31, thread: 3, detail: Unblocked.woken },
      { kind: Kind.lock_acquire, time: 31, thread: 3 },
      { kind: Kind.lock_acquire, time: 35, thread: 3 },
      { kind: Kind.lock_release, time: 36, thread: 3 },
    ]),
    50,
  );
  assert.deepEqual(
    events.map(({ what, took, open }) => [what, what === null ? 0 : took, open]),
    [
      ['held', 20, false],
      ['waited', 19, false],
      [null, 0, false],
      [null, 0, false],
      ['held', 19, true],
      ['held', 1, false],
      [null, 0, false],
    ],
  );
  assert.deepEqual(historyOf([], 5), []);
});

test('what each kind of record did is said, but for those that give names', () => {
  const naming = new Set<number>([Kind.string, Kind.thread_name, Kind.object_name, Kind.parameter]);
  const wanted = Object.values(Kind)
    .filter((kind) => !naming.has(kind))
    .map(String)
    .sort();
  for (const language of ['en', 'zh'] as const) assert.deepEqual(Object.keys(momentTexts[language].records).sort(), wanted, language);
});

test('windows: those that hold another and are larger lie around it', () => {
  const [outer, inner, other] = [
    { start: 100, end: 500 },
    { start: 200, end: 300 },
    { start: 600, end: 700 },
  ];
  assert.deepEqual(around([outer, inner], { start: 210, end: 220 }), [outer, inner]);
  assert.deepEqual(around([outer, inner], { start: 250, end: 350 }), [outer], 'it was moved out of the inner one');
  assert.deepEqual(around([outer, inner], other), []);
  assert.deepEqual(around([outer, inner], null), [], 'none is around the whole run');
  assert.deepEqual(around([outer, inner], { start: 200.01, end: 300 }), [outer], 'as good as the same is not around it');
});

test('windows: one goes back from window to window', () => {
  const [outer, inner] = [
    { start: 100, end: 500 },
    { start: 200, end: 300 },
  ];
  const arrive = (next: typeof outer | null) => {
    enterWindow(next);
    shown.value = next;
  };
  arrive(outer);
  assert.deepEqual(windowsAround(), []);
  arrive(inner);
  assert.deepEqual(windowsAround(), [outer]);
  arrive({ start: 210, end: 220 });
  assert.deepEqual(windowsAround(), [outer, inner]);
  arrive(outer);
  assert.deepEqual(windowsAround(), [], 'back in the outer one');
  arrive(inner);
  arrive(null);
  arrive(inner);
  assert.deepEqual(windowsAround(), [], 'the whole run leaves all of them');
});

test('a mark of no length is zoomed to with room on both sides, wherever it lies', () => {
  const limits = limitsOf(0, 1e9);
  for (const time of [0, 5e8, 1e9]) {
    const span = roomAround(time, time, limits)!;
    assert.ok(
      span.end - span.start >= 2000 && span.start >= limits.start && span.end <= limits.end,
      `${time}: ${span.start} to ${span.end}`,
    );
    assert.ok(Number.isFinite(toPixel(time, span, 1000)));
  }
  const short = limitsOf(0, 0);
  assert.equal(roomAround(0, 0, short), null, 'a run of no length is shown as a whole');
  assert.ok(Number.isFinite(toPixel(0, short, 1000)));
});
