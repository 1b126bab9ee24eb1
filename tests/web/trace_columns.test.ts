import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace } from '../../web/src/trace/columns.ts';
import { Kind, ObjectType, ThreadEnd } from '../../web/src/trace/kinds.ts';
import { slotsOf, slotWords, timeAt } from '../../web/src/trace/record.ts';
import type { RecordFields } from '../../web/src/trace/record.ts';
import { WordTable } from '../../web/src/trace/word_table.ts';
import { chunkOf } from './support/ring_writer.ts';

function append(trace: Trace, records: readonly RecordFields[], process = 1): void {
  const { words } = chunkOf(records);
  let base = 0;
  for (const fields of records) {
    trace.append(process, timeAt(words, base), words, base);
    base += slotsOf(fields) * slotWords;
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const at = (time: number, kind: number = Kind.mark) => ({ time, thread: 1, kind });

test('a record comes back as it went in', () => {
  const trace = new Trace();
  const fields = {
    time: 2 ** 50 + 1,
    kind: Kind.progress,
    thread: 0xffffff,
    object: 0xffffffff,
    sequence: 0xfffffffe,
    detail: 0x80000000,
    argumentLow: 7,
    argumentHigh: 9,
  };
  append(trace, [fields], 3);
  assert.equal(trace.length, 1);
  assert.deepEqual(
    {
      time: trace.time(0),
      kind: trace.kind(0),
      thread: trace.thread(0),
      object: trace.object(0),
      sequence: trace.sequence(0),
      detail: trace.detail(0),
      argumentLow: trace.argumentLow(0),
      argumentHigh: trace.argumentHigh(0),
    },
    fields,
  );
  assert.equal(trace.process(0), 3);
  assert.equal(trace.argument(0), 9 * 2 ** 32 + 7);
  assert.equal(trace.payload(0).length, 0);
});

test('columns go on over many blocks', () => {
  const trace = new Trace();
  const count = 200_000;
  const { words } = chunkOf([at(0)]);
  for (let i = 0; i < count; i += 1) trace.append(1, i * 2, words, 0);
  assert.equal(trace.length, count);
  for (const index of [0, 65535, 65536, 131071, 131072, count - 1]) {
    assert.equal(trace.time(index), index * 2);
  }
  assert.equal(trace.lastTime, (count - 1) * 2);
});

test('times never decrease, so a time is a prefix', () => {
  const trace = new Trace();
  append(
    trace,
    [10, 12, 11, 12, 20].map((time) => at(time)),
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((index) => trace.time(index)),
    [10, 12, 12, 12, 20],
  );
  assert.deepEqual(
    [9, 10, 11, 12, 19, 20, 99].map((time) => trace.indexAt(time)),
    [0, 1, 1, 4, 4, 5, 5],
  );
  assert.equal(new Trace().indexAt(5), 0);
});

test('payloads are kept, also large and empty ones', () => {
  const trace = new Trace();
  const lengths = [0, 1, 31, 32, 33, 100_000, 131_072];
  const payloads = Array.from({ length: 60 }, (_, i) => new Uint8Array(lengths[i % lengths.length]!).fill(i + 1));
  append(
    trace,
    payloads.map((payload, time) => ({ time, thread: 1, kind: Kind.tile, payload })),
  );
  for (const [index, payload] of payloads.entries()) {
    assert.deepEqual(trace.payload(index), payload);
  }
});

test('texts and names are found by their numbers', () => {
  const trace = new Trace();
  const named = { time: 0, thread: 0 };
  append(trace, [
    { ...named, thread: 5, kind: Kind.thread_name, payload: bytes('worker-5') },
    { ...named, kind: Kind.object_name, object: 9, detail: ObjectType.queue, payload: bytes('任务') },
    { ...named, kind: Kind.string, detail: 0, payload: bytes('zero') },
    { ...named, kind: Kind.console, payload: bytes('line') },
  ]);
  append(trace, [{ ...named, thread: 5, kind: Kind.thread_name, payload: bytes('other') }], 2);
  assert.equal(trace.threadName(1, 5), 'worker-5');
  assert.equal(trace.threadName(2, 5), 'other');
  assert.equal(trace.threadName(1, 6), undefined);
  assert.equal(trace.objectName(1, 9), '任务');
  assert.equal(trace.objectType(1, 9), ObjectType.queue);
  assert.equal(trace.objectType(1, 10), 0);
  assert.equal(trace.objectName(3, 9), undefined);
  assert.equal(trace.string(1, 0), 'zero');
  assert.equal(trace.text(3), 'line');
});

test('beyond the limit records are counted; the few that views need are kept', () => {
  const trace = new Trace({ records: 3, reserve: 2 });
  append(
    trace,
    [0, 1, 2, 3, 4].map((time) => at(time)),
  );
  assert.deepEqual([trace.length, trace.overLimit, trace.lastTime], [3, 2, 4]);
  append(trace, [
    { ...at(5, Kind.thread_end), detail: ThreadEnd.stopped },
    at(6),
    { ...at(7, Kind.result), payload: bytes('throughput=1') },
    { ...at(8, Kind.result), payload: bytes('beyond=1') },
  ]);
  assert.deepEqual([trace.length, trace.overLimit], [5, 4]);
  assert.equal(trace.detail(3), ThreadEnd.stopped);
  assert.equal(trace.text(4), 'throughput=1');
});

test('so are records whose payload has no room', () => {
  const trace = new Trace({ payloadBytes: 150_000 });
  const payload = new Uint8Array(100_000);
  append(
    trace,
    [1, 2].map((time) => ({ ...at(time, Kind.tile), payload })),
  );
  append(trace, [at(3)]);
  assert.deepEqual([trace.length, trace.overLimit], [2, 1]);
  assert.equal(trace.time(1), 3);
});

test('a word table is a map', () => {
  const table = new WordTable();
  const map = new Map<number, number>();
  let key = 1;
  for (let i = 0; i < 5000; i += 1) {
    key = (Math.imul(key, 48271) + i * 7) >>> 0 || 1;
    table.set(key >>> (i % 24) || 1, i);
    map.set(key >>> (i % 24) || 1, i);
  }
  for (const [each, value] of map) assert.equal(table.get(each), value);
  assert.equal(table.get(0xfffffff1), map.get(0xfffffff1) ?? 0);
});

test('a record says where in the source it was done', () => {
  const trace = new Trace();
  append(trace, [
    { time: 1, thread: 1, kind: Kind.string, detail: 4, payload: bytes('src/demo.cpp:12') },
    { time: 2, thread: 1, kind: Kind.queue_put, object: 3, sequence: 1, argumentLow: 7, argumentHigh: 4 },
    { time: 2, thread: 1, kind: Kind.queue_put, object: 3, sequence: 2, argumentLow: 8 },
    { time: 3, thread: 1, kind: Kind.progress, argumentLow: 7, argumentHigh: 4 },
    { time: 4, thread: 1, kind: Kind.event_set, object: 5, sequence: 1, argumentHigh: 99 },
  ]);
  assert.deepEqual(
    [1, 2, 3, 4].map((index) => trace.where(index)),
    ['src/demo.cpp:12', undefined, undefined, undefined],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((index) => trace.argument(index)),
    [7, 8, 4 * 2 ** 32 + 7, 0],
  );
});

test('the end of a wait names who ended it, and the record by which', () => {
  const trace = new Trace();
  const unblocked = (time: number, object: number, waker: number, sequence: number) => ({
    time,
    thread: 2,
    kind: Kind.unblocked,
    object,
    argumentLow: waker,
    argumentHigh: sequence,
  });
  const blocked = (time: number, object: number) => ({ time, thread: 2, kind: Kind.blocked, object });
  append(trace, [
    { time: 1, thread: 1, kind: Kind.lock_acquire, object: 3, sequence: 1 },
    blocked(2, 3),
    { time: 3, thread: 1, kind: Kind.lock_release, object: 4, sequence: 2 },
    { time: 3, thread: 1, kind: Kind.lock_release, object: 3, sequence: 2 },
    { time: 4, thread: 3, kind: Kind.lock_acquire, object: 3, sequence: 3 },
    unblocked(5, 3, 1, 2),
    blocked(6, 3),
    unblocked(7, 3, 1, 2), // before this wait began: it can't be
    blocked(8, 3),
    unblocked(9, 3, 1, 0),
    blocked(10, 3),
    unblocked(11, 3, 1, 77), // lost
    blocked(12, 3),
    { time: 13, thread: 3, kind: Kind.lock_release, object: 3, sequence: 4 },
    unblocked(14, 3, 0, 4), // only the record is known
    blocked(15, 3),
    unblocked(16, 3, 0, 0),
  ]);
  const ends = [5, 7, 9, 11, 14, 16];
  assert.deepEqual(
    ends.map((index) => trace.wakerThread(index)),
    [1, 1, 1, 1, 3, 0],
  );
  assert.deepEqual(
    ends.map((index) => trace.wakerRecord(index)),
    [3, -1, -1, -1, 13, -1],
  );
  assert.deepEqual([trace.wakerThread(0), trace.wakerRecord(0)], [0, -1]);
});

test('objects of different processes do not wake each other, shared ones do', () => {
  const trace = new Trace();
  const shared = 0x8000_0001;
  append(trace, [{ time: 1, thread: 2, kind: Kind.blocked, object: 3 }], 1);
  append(trace, [{ time: 1, thread: 2, kind: Kind.event_set, object: 3, sequence: 1 }], 2);
  append(trace, [{ time: 2, thread: 2, kind: Kind.unblocked, object: 3, argumentHigh: 1 }], 1);
  append(trace, [{ time: 3, thread: 2, kind: Kind.blocked, object: shared }], 1);
  append(trace, [{ time: 4, thread: 2, kind: Kind.event_set, object: shared, sequence: 1 }], 2);
  append(trace, [{ time: 5, thread: 2, kind: Kind.unblocked, object: shared, argumentHigh: 1 }], 1);
  assert.deepEqual(
    [2, 5].map((index) => trace.wakerRecord(index)),
    [-1, 4],
  );
});

test('each record belongs to the task that its thread is at', () => {
  const trace = new Trace();
  const task = (kind: number, object: number, thread = 1): RecordFields => ({ time: 1, thread, kind, object });
  const cases: [RecordFields, number][] = [
    [at(1), 0],
    [task(Kind.task_submit, 7), 0],
    [task(Kind.task_start, 7), 7],
    [at(1), 7],
    [task(Kind.task_start, 8), 8], // run within the other one
    [at(1), 8],
    [task(Kind.task_finish, 8), 8],
    [at(1), 7],
    [{ ...at(1), thread: 2 }, 0],
    [task(Kind.task_suspend, 7), 7],
    [at(1), 0],
    [task(Kind.task_resume, 7, 2), 7], // goes on elsewhere
    [{ ...at(1), thread: 2 }, 7],
    [task(Kind.task_finish, 99, 2), 7], // completed by hand: it is not the one that the thread is at
    [task(Kind.task_finish, 7, 2), 7],
    [{ ...at(1), thread: 2 }, 0],
    [task(Kind.task_start, 9), 9],
    [{ ...at(1, Kind.thread_end) }, 0],
    [at(1), 0],
  ];
  append(
    trace,
    cases.map(([record]) => record),
  );
  assert.deepEqual(
    cases.map((_, index) => trace.task(index)),
    cases.map(([, expected]) => expected),
  );
  append(trace, [at(1), task(Kind.task_start, 7)], 2);
  assert.deepEqual([trace.task(cases.length), trace.task(cases.length + 1)], [0, 7]);
});
