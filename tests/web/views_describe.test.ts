import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWithUnit } from '../../web/src/app/format.ts';
import { chooseLanguage } from '../../web/src/app/i18n/index.ts';
import type { Moment } from '../../web/src/app/moment.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Kind, Reason, ThreadEnd, Unblocked, Work } from '../../web/src/trace/kinds.ts';
import { describe } from '../../web/src/views/timeline/describe.ts';
import { pool } from './support/demos.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { TraceWriter } from './support/trace_writer.ts';

async function momentOf(list: FakeRecord[], cursor?: number, machine = ''): Promise<Moment> {
  const writer = new TraceWriter();
  for (const record of list) writer.addFake(record);
  const run = new OpenRun(pool, 'opened', writer.trace, { version: 2, demo: pool.id, parameters: {}, date: '', machine });
  await run.complete();
  run.end({ kind: 'finished', code: 0 });
  return run.at(cursor);
}

/** The spans of thread 2 in words, as of so many records. */
async function spansOf(list: FakeRecord[], cursor?: number, machine?: string): Promise<string[]> {
  const moment = await momentOf(list, cursor, machine);
  const lane = moment.lanes.find(1, 2)!;
  return Array.from({ length: lane.count }, (_, index) => {
    const { what, more } = describe(moment, { lane, index, task: false });
    return more ? `${what}: ${more}` : what;
  });
}

const run: FakeRecord[] = [
  { kind: Kind.thread_name, time: 0, thread: 3, payload: 'waker' },
  { kind: Kind.object_name, time: 0, thread: 1, object: 9, detail: 3, payload: 'door' },
  { kind: Kind.string, time: 0, thread: 2, detail: 1, payload: 'eat' },
  { kind: Kind.string, time: 0, thread: 2, detail: 2, payload: 'download' },
  { kind: Kind.thread_start, time: 0, thread: 2 },
  { kind: Kind.work_begin, time: 10, thread: 2, argument: Work.computes, detail: 1 },
  { kind: Kind.blocked, time: 10, thread: 2, detail: Reason.sleep },
  { kind: Kind.unblocked, time: 20, thread: 2, detail: Unblocked.timed_out },
  { kind: Kind.work_end, time: 20, thread: 2 },
  { kind: Kind.work_begin, time: 20, thread: 2, argument: Work.waits, detail: 2 },
  { kind: Kind.work_end, time: 30, thread: 2 },
  { kind: Kind.blocked, time: 30, thread: 2, object: 9, detail: Reason.event },
  { kind: Kind.event_set, time: 40, thread: 3, object: 9, sequence: 1 },
  { kind: Kind.unblocked, time: 50, thread: 2, object: 9, argument: 3, argumentHigh: 1 },
  { kind: Kind.blocked, time: 50, thread: 2, object: 10, detail: Reason.gil },
  { kind: Kind.unblocked, time: 60, thread: 2, object: 10 },
  { kind: Kind.blocked, time: 70, thread: 2, object: 9, detail: Reason.event },
  { kind: Kind.unblocked, time: 80, thread: 2, object: 9, detail: Unblocked.deadlock },
  { kind: Kind.blocked, time: 81, thread: 2, object: 9, detail: Reason.event },
  { kind: Kind.unblocked, time: 82, thread: 2, object: 9, detail: Unblocked.deadlock },
  { kind: Kind.thread_end, time: 90, thread: 2, detail: ThreadEnd.deadlock },
];

test('spans in words: work by its name, ready, unwinding, the end by a deadlock', async () => {
  await chooseLanguage('en');
  assert.deepEqual(await spansOf(run), [
    'Running',
    'eat: Simulated computing',
    'Running',
    'download: Simulated I/O',
    'Running',
    'Waiting for an event: door',
    'Ready to run: woken by waker',
    'Running',
    'Ready, waiting for the GIL: #10',
    'Running',
    'Waiting for an event: door · ended by the deadlock',
    'Unwinding after the deadlock',
    'Waiting for an event: door · Unwinding after the deadlock · ended by the deadlock',
    'Unwinding after the deadlock: ended by the deadlock',
    'Not alive: ended by the deadlock',
  ]);
  await chooseLanguage('zh');
  const spans = await spansOf(run);
  assert.deepEqual(
    [1, 3, 6, 8, 11, 13].map((index) => spans[index]),
    ['eat: 模拟计算', 'download: 模拟 I/O', '就绪: 由 waker 唤醒', '就绪，等待 GIL: #10', '死锁后的栈展开', '死锁后的栈展开: 因死锁而结束'],
  );
});

test('spans in words: a moment knows what the records before it tell', async () => {
  await chooseLanguage('en');
  const woken = run.findIndex(({ kind }) => kind === Kind.event_set) + 1;
  assert.equal((await spansOf(run, woken)).at(-1), 'Waiting for an event: door · still going');
  assert.equal((await spansOf(run, woken + 1)).at(-2), 'Ready to run: woken by waker');
  assert.equal((await spansOf(run, 7)).at(-1), 'eat: Simulated computing · still going');
});

const short: FakeRecord[] = [
  { kind: Kind.thread_start, time: 0, thread: 2 },
  { kind: Kind.thread_start, time: 0, thread: 3 },
  { kind: Kind.blocked, time: 10, thread: 2, detail: Reason.sleep },
  { kind: Kind.unblocked, time: 10, thread: 2, detail: Unblocked.timed_out },
  { kind: Kind.thread_end, time: 20, thread: 2, detail: ThreadEnd.returned },
];

test('what took less than the clock can tell is no time of nothing', async () => {
  await chooseLanguage('en');
  const moment = await momentOf(short);
  const durationOf = (index: number) => describe(moment, { lane: moment.lanes.find(1, 2)!, index, task: false }).duration;
  assert.deepEqual([durationOf(0), durationOf(1)], ['10 ns', '< clock tick']);
  assert.deepEqual(formatWithUnit(0, 'µs', 'en'), { text: '< clock tick', unit: '' });
  assert.deepEqual(formatWithUnit(0, 'threads', 'en'), { text: '0', unit: 'threads' });
  assert.deepEqual(formatWithUnit(2.5, 'µs', 'en'), { text: '2.5', unit: 'µs' });
});

test('of more threads than cores none is said to run for sure', async () => {
  const running = async (machine: string) => (await spansOf(short, undefined, machine))[0];
  assert.equal(await running('Chromium on Linux, 1 logical processors'), 'Running or ready');
  assert.equal(await running('Chromium on Linux, 2 logical processors'), 'Running');
  assert.equal(await running('a computer'), 'Running');
});
