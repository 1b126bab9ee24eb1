import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsoleLines } from '../../web/src/folds/console.ts';
import { Depth } from '../../web/src/folds/depth.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Images } from '../../web/src/folds/images.ts';
import { Marks } from '../../web/src/folds/marks.ts';
import { Progress } from '../../web/src/folds/progress.ts';
import { Summary } from '../../web/src/folds/summary.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function folded<F extends Fold>(fold: F, list: FakeRecord[]): F {
  fold.take(new FakeRecords(list), 0, list.length);
  return fold;
}

test('depth: a queue fills and empties', () => {
  const { queues } = folded(new Depth(), [
    { kind: Kind.queue_open, time: 0, object: 5, argument: 2 },
    { kind: Kind.queue_put, time: 10, object: 5, argument: 1 },
    { kind: Kind.queue_put, time: 20, object: 5, argument: 2 },
    { kind: Kind.queue_get, time: 30, object: 5, argument: 1 },
    { kind: Kind.queue_task_done, time: 35, object: 5, argument: 1 },
    { kind: Kind.queue_shutdown, time: 40, object: 5, detail: 1 },
    { kind: Kind.queue_open, time: 50, process: 2, object: 5, argument: 0 },
  ]);
  assert.equal(queues.length, 2, 'objects are numbered within their process');
  const [queue] = queues;
  assert.ok(queue);
  assert.deepEqual([queue.maxsize, queue.puts, queue.gets, queue.unfinished, queue.shutdownAt], [2, 2, 1, 1, 40]);
  assert.deepEqual(
    [0, 15, 25, 35, 40].map((time) => queue.depth.at(time)),
    [0, 1, 2, 1, 0],
  );
});

test('depth: of a queue whose beginning is not in the trace nobody knows the capacity', () => {
  const { queues } = folded(new Depth(), [{ kind: Kind.queue_put, time: 10, object: 5, argument: 1 }]);
  assert.deepEqual(
    queues.map(({ maxsize, puts }) => [maxsize, puts]),
    [[NaN, 1]],
  );
});

test('console: lines with who printed them, and where', () => {
  const lines = folded(new ConsoleLines(), [
    { kind: Kind.console, time: 1, thread: 2, payload: 'one' },
    { kind: Kind.progress, time: 2 },
    { kind: Kind.console, time: 3, thread: 4, payload: '二', detail: 1 },
  ]);
  assert.deepEqual([...lines.texts], ['one', '二']);
  assert.deepEqual([lines.threads.at(0), lines.threads.at(1)], [2, 4]);
  assert.deepEqual([lines.errors.at(0), lines.errors.at(1)], [0, 1]);
});

test('progress: the last word counts', () => {
  const progress = folded(new Progress(), [
    { kind: Kind.progress, time: 1, argument: 1, argumentHigh: 10 },
    { kind: Kind.progress, time: 2, argument: 4, argumentHigh: 10 },
  ]);
  assert.deepEqual([progress.done, progress.total], [4, 10]);
});

test('summary: parameters, results, checks, errors and the end', () => {
  const summary = folded(new Summary(), [
    { kind: Kind.run_start, time: 5 },
    { kind: Kind.parameter, time: 5, payload: 'work=compute' },
    { kind: Kind.result, time: 6, payload: 'formula=a=b' },
    { kind: Kind.result, time: 7, payload: 'items=1' },
    { kind: Kind.result, time: 8, payload: 'items=2' },
    { kind: Kind.check, time: 9, payload: 'order', detail: 0 },
    { kind: Kind.error, time: 9, thread: 3, payload: 'ValueError: no' },
    { kind: Kind.run_end, time: 10, detail: 0xffffffff },
  ]);
  assert.deepEqual([...summary.parameters], [['work', 'compute']]);
  assert.deepEqual(
    [...summary.results],
    [
      ['formula', 'a=b'],
      ['items', '2'],
    ],
  );
  assert.deepEqual([...summary.checks], [['order', false]]);
  assert.deepEqual([...summary.errors], [{ time: 9, process: 1, thread: 3, text: 'ValueError: no' }]);
  assert.deepEqual([summary.startedAt, summary.endedAt, summary.exitStatus], [5, 10, -1]);
});

test('marks: in their order', () => {
  const marks = folded(new Marks(), [{ kind: Kind.mark, time: 4, thread: 2, detail: 17 }]);
  assert.deepEqual([...marks.list], [{ time: 4, process: 1, thread: 2, text: 17 }]);
});

function tile(x: number, y: number, width: number, height: number, brightness: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + width * height).fill(brightness, 8);
  new Uint16Array(bytes.buffer, 0, 4).set([x, y, width, height]);
  return bytes;
}

test('images: tiles land in their picture, with the thread that made them', () => {
  const { pictures } = folded(new Images(), [
    { kind: Kind.image, time: 0, object: 3, payload: '{"width":4,"height":2,"name":"set"}' },
    { kind: Kind.tile, time: 1, thread: 5, object: 3, payload: tile(2, 0, 2, 2, 9) },
  ]);
  assert.equal(pictures.length, 1);
  const [picture] = pictures;
  assert.deepEqual([picture!.width, picture!.height, picture!.name], [4, 2, 'set']);
  const [made] = picture!.tiles;
  assert.deepEqual([made!.thread, made!.x, made!.y, [...made!.pixels]], [5, 2, 0, [9, 9, 9, 9]]);
});

test('images: what does not fit is left out', () => {
  const { pictures } = folded(new Images(), [
    { kind: Kind.image, time: 0, object: 3, payload: '{"width":4,"height":2}' },
    { kind: Kind.image, time: 0, object: 4, payload: 'no JSON' },
    { kind: Kind.image, time: 0, object: 5, payload: '{"width":-1,"height":2}' },
    { kind: Kind.tile, time: 1, object: 3, payload: tile(3, 0, 2, 2, 9) },
    { kind: Kind.tile, time: 1, object: 3, payload: tile(0, 0, 2, 2, 9).slice(0, 10) },
    { kind: Kind.tile, time: 1, object: 9, payload: tile(0, 0, 1, 1, 9) },
    { kind: Kind.tile, time: 1, object: 3, payload: new Uint8Array(3) },
  ]);
  assert.equal(pictures.length, 1);
  assert.equal(pictures[0]!.tiles.length, 0);
});
