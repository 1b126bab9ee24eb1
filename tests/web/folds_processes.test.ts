import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Depth } from '../../web/src/folds/depth.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Images } from '../../web/src/folds/images.ts';
import { absent, Lanes } from '../../web/src/folds/lanes.ts';
import { Pipes } from '../../web/src/folds/pipes.ts';
import { stateOf, treeOf } from '../../web/src/folds/process_tree.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { firstSharedObject, Kind, Reason, ThreadEnd } from '../../web/src/trace/kinds.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function folded<F extends Fold>(fold: F, list: FakeRecord[]): F {
  fold.take(new FakeRecords(list), 0, list.length);
  return fold;
}

const supervisor = 40;

const started = (time: number, number: number, parent: number, daemon = 0): FakeRecord => ({
  kind: Kind.process_start,
  time,
  process: parent,
  object: firstSharedObject + number,
  argument: number,
  argumentHigh: parent,
  detail: daemon,
});
const ended = (time: number, number: number, exitCode: number): FakeRecord => ({
  kind: Kind.process_end,
  time,
  thread: supervisor,
  object: firstSharedObject + number,
  argument: number,
  detail: exitCode,
});

const family: FakeRecord[] = [
  { kind: Kind.thread_start, time: 0 },
  { kind: Kind.run_start, time: 0 },
  { kind: Kind.object_name, time: 9, object: firstSharedObject + 2, payload: 'Process-1' },
  started(10, 2, 1),
  started(12, 3, 1, 1),
  { kind: Kind.thread_start, time: 20, process: 2 },
  { kind: Kind.process_memory, time: 21, process: 2, argument: 3_000_000, argumentHigh: 16_777_216 },
  { kind: Kind.thread_start, time: 22, process: 2, thread: 2 },
  started(30, 4, 2),
  { kind: Kind.thread_start, time: 40, process: 4 },
  ended(50, 4, 0),
  { kind: Kind.process_signal, time: 60, object: firstSharedObject + 2, argument: 2, detail: 9 },
  ended(65, 2, -9),
  { kind: Kind.run_end, time: 90, detail: 1 },
];

test('processes: who started whom, what they use, how they ended', () => {
  const { list } = folded(new Processes(), family);
  assert.deepEqual(
    list.map(({ number, parent, daemon, start, ran, end, exitCode }) => [number, parent, daemon, start, ran, end, exitCode]),
    [
      [1, 0, false, 0, 0, 90, 1],
      [2, 1, false, 10, 20, 65, -9],
      [3, 1, true, 12, NaN, NaN, NaN],
      [4, 2, false, 30, 40, 50, 0],
    ],
  );
  assert.deepEqual([list[1]!.memoryUsed, list[1]!.memorySize, list[1]!.threads, list[1]!.signal], [3_000_000, 16_777_216, 2, 9]);
});

test('processes: a life in states', () => {
  const states = [4, 6, 12, 13].map((length) => stateOf(folded(new Processes(), family.slice(0, length)).find(2)!));
  assert.deepEqual(states, ['starting', 'running', 'signalled', 'ended']);
});

test('processes: a run without children has one', () => {
  const processes = folded(new Processes(), family.slice(0, 2));
  assert.deepEqual([processes.list.length, processes.areSeveral], [1, false]);
});

test('processes: the tree has each below its parent; whose parent is unknown hangs on the first', () => {
  const { list } = folded(new Processes(), [...family, { kind: Kind.thread_start, time: 95, process: 9 }]);
  assert.deepEqual(
    treeOf(list).map(({ process, depth }) => [process.number, depth]),
    [
      [1, 0],
      [2, 1],
      [4, 2],
      [3, 1],
      [9, 1],
    ],
  );
});

test('lanes: a process that was killed takes its threads along; whoever tells of it gets no lane', () => {
  const lanes = folded(new Lanes(), [
    ...family.slice(0, 12),
    { kind: Kind.blocked, time: 63, process: 2, thread: 2, object: 7, detail: Reason.lock },
    ended(65, 2, -9),
    { kind: Kind.unblocked, time: 70, process: 2, thread: 2, object: 7 },
  ]);
  assert.equal(lanes.find(1, supervisor), undefined);
  for (const thread of [1, 2]) {
    const lane = lanes.find(2, thread)!;
    assert.deepEqual([lane.end, lane.ending, lane.states.at(lane.count - 1)], [65, ThreadEnd.with_process, absent]);
  }
  assert.equal(lanes.find(1, 1)!.end, NaN);
});

test('lanes: the last words of a thread count, though the end of its process was told first', () => {
  const lanes = folded(new Lanes(), [
    { kind: Kind.thread_start, time: 0, process: 2 },
    ended(50, 2, 0),
    { kind: Kind.thread_end, time: 50, process: 2, detail: ThreadEnd.returned },
  ]);
  const lane = lanes.find(2, 1)!;
  assert.deepEqual([lane.end, lane.ending, lane.count], [50, ThreadEnd.returned, 2]);
});

test('depth: a queue that processes share is one queue', () => {
  const object = firstSharedObject + 7;
  const { queues } = folded(new Depth(), [
    { kind: Kind.queue_open, time: 0, process: 1, object, argument: 3 },
    { kind: Kind.queue_put, time: 10, process: 2, object, argument: 1 },
    { kind: Kind.queue_get, time: 20, process: 3, object, argument: 0 },
  ]);
  assert.equal(queues.length, 1);
  assert.deepEqual([queues[0]!.maxsize, queues[0]!.puts, queues[0]!.gets, queues[0]!.depth.maximum], [3, 1, 1, 1]);
});

test('pipes: messages on their way, and one that was never finished', () => {
  const object = firstSharedObject + 8;
  const { list } = folded(new Pipes(), [
    { kind: Kind.pipe_send, time: 10, process: 1, object, argument: 100 },
    { kind: Kind.pipe_send, time: 11, process: 1, object, argument: 20 },
    { kind: Kind.pipe_receive, time: 15, process: 2, object, argument: 100 },
    { kind: Kind.pipe_send, time: 16, process: 2, object, argument: 7, detail: 1 },
    { kind: Kind.abandon, time: 20, process: 1, thread: supervisor, object },
    { kind: Kind.abandon, time: 20, process: 1, thread: supervisor, object: object + 1 },
  ]);
  assert.deepEqual(
    list.map(({ from, sent, abandoned }) => [from, sent, abandoned]),
    [
      [0, 2, true],
      [1, 1, true],
    ],
    'a direction each',
  );
  const [pipe] = list;
  assert.deepEqual([pipe!.sent, pipe!.received, pipe!.sentBytes, pipe!.abandoned], [2, 1, 120, true]);
  assert.deepEqual(
    [9, 10, 11, 15].map((time) => pipe!.waiting.at(time)),
    [0, 1, 2, 1],
  );
});

test('the GIL of a process that was killed is off, and nobody has it or waits for it', () => {
  const gils = folded(new Gils(), [
    { kind: Kind.gil_open, time: 0, process: 2, object: 1, argument: 5e6 },
    { kind: Kind.gil_acquire, time: 10, process: 2, thread: 1, object: 1 },
    { kind: Kind.blocked, time: 12, process: 2, thread: 2, object: 1, detail: Reason.gil },
    ended(30, 2, -9),
  ]);
  const [gil] = gils.list;
  assert.deepEqual([gil!.closedAt, gil!.holding.holder, gil!.waiting.last], [30, 0, 0]);
  assert.deepEqual(
    gils.usersOf(gil!).map(({ held, waited }) => [held, waited]),
    [
      [20, 0],
      [0, 18],
    ],
  );
});

test('images: other processes draw in the picture of the first', () => {
  const tile = new Uint8Array(8 + 1);
  new DataView(tile.buffer).setUint16(4, 1, true);
  new DataView(tile.buffer).setUint16(6, 1, true);
  const { pictures } = folded(new Images(), [
    { kind: Kind.image, time: 0, object: 1, payload: '{"width":2,"height":2,"name":"set"}' },
    { kind: Kind.tile, time: 5, process: 3, thread: 1, object: 1, payload: tile },
  ]);
  assert.deepEqual(
    pictures.map(({ tiles }) => [...tiles].map(({ process }) => process)),
    [[3]],
  );
});
