import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ending } from '../../web/src/app/ending.ts';
import { chooseLanguage } from '../../web/src/app/i18n/index.ts';
import type { Moment } from '../../web/src/app/moment.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Kind, ObjectType, Reason } from '../../web/src/trace/kinds.ts';
import { readCount } from '../../web/src/views/runs/count.ts';
import { differencesOf } from '../../web/src/views/runs/differences.ts';
import { parametersText, runLabel } from '../../web/src/views/runs/labels.ts';
import { sentencesOf } from '../../web/src/views/runs/words.ts';
import { pool } from './support/demos.ts';
import { TraceWriter } from './support/trace_writer.ts';

const ms = 1e6;

/** One thread waits for a lock, so many ms of the run's length. */
function runOf(length: number, waits: number, work: string, ending: Ending['kind'] = 'finished'): Moment {
  const writer = new TraceWriter();
  writer.addFake({ kind: Kind.run_start, time: 0 });
  writer.addFake({ kind: Kind.parameter, time: 0, payload: `work=${work}` });
  writer.addFake({ kind: Kind.object_name, time: 0, object: 5, detail: ObjectType.lock, payload: 'the till' });
  writer.addFake({ kind: Kind.blocked, time: 0, object: 5, detail: Reason.lock });
  writer.addFake({ kind: Kind.unblocked, time: waits * ms, object: 5 });
  writer.addFake({ kind: Kind.run_end, time: length * ms });
  const header = { version: 2, demo: pool.id, parameters: { work, workers: 4 }, date: 'some day', machine: '' };
  const run = new OpenRun(pool, 'live', writer.trace, header);
  run.advance();
  run.end({ kind: ending, code: 0 } as Ending);
  return run.at();
}

const said = (a: Moment, b: Moment) => sentencesOf(a, b, differencesOf(a, b));

test('the sentences are those of the traces, in English', async () => {
  await chooseLanguage('en');
  assert.deepEqual(said(runOf(200, 150, 'compute'), runOf(100, 50, 'wait')), [
    'Changed from A to B: Work Compute → Wait.',
    'B took 100 ms, 50% less than A (200 ms).',
    'Its threads spent 50 ms in all in the state “Waiting for a lock”, against 150 ms in A.',
    'Most of that difference is at the till.',
  ]);
  assert.deepEqual(said(runOf(100, 50, 'wait'), runOf(102, 51, 'wait')), [
    'Both have the same parameters: what differs, differs from run to run. Run × N shows how much.',
    'B took 102 ms, about as long as A (100 ms).',
  ]);
  assert.match(said(runOf(100, 50, 'wait'), runOf(300, 250, 'wait'))[1]!, /^B took 300 ms, 200% more than A \(100 ms\)\.$/);
  assert.match(
    said(runOf(100, 50, 'wait', 'deadlock'), runOf(300, 250, 'wait'))[1]!,
    /^A: Deadlock after 100 ms.* B: Finished in 300 ms\./,
  );
});

test('the sentences are those of the traces, in Chinese', async () => {
  await chooseLanguage('zh');
  assert.deepEqual(said(runOf(200, 150, 'compute'), runOf(100, 50, 'wait')), [
    '从 A 到 B 的改动：Work Compute → Wait。',
    'B 用时 100 ms，比 A（200 ms）少 50%。',
    'B 的各线程合计有 50 ms 处于“等待锁”，A 则是 150 ms。',
    '差别大多出在 the till。',
  ]);
  await chooseLanguage('en');
});

test('a run is named by its parameters that are not the defaults', async () => {
  await chooseLanguage('en');
  assert.equal(parametersText(pool, { workers: 4, work: 'wait', compare: false }), 'Work Wait, Compare Off');
  assert.equal(parametersText(pool, { workers: 4 }), 'default parameters');
  assert.equal(parametersText(pool, { gone: 3 }), 'default parameters', 'one that the demo no longer has');
  assert.equal(runLabel(runOf(1, 0, 'wait')), 'some day · Work Wait');
});

test('a number of runs is whole and within the limits', () => {
  for (const [text, value] of [
    ['2', 2],
    [' 200 ', 200],
    ['1', null],
    ['201', null],
    ['ten', null],
    ['2.5', null],
    ['1e2', null],
    ['-3', null],
    ['', null],
  ] as const)
    assert.equal(readCount(text), value, text);
});
