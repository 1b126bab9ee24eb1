import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ending } from '../../web/src/app/ending.ts';
import type { Moment } from '../../web/src/app/moment.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Kind, ObjectType, Reason } from '../../web/src/trace/kinds.ts';
import { differencesOf, findingOf } from '../../web/src/views/runs/differences.ts';
import { pool } from './support/demos.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { TraceWriter } from './support/trace_writer.ts';

const ms = 1e6;

function momentOf(list: FakeRecord[], ending: Ending['kind'] = 'finished'): Moment {
  const writer = new TraceWriter();
  for (const record of list) writer.addFake(record);
  const run = new OpenRun(pool, 'live', writer.trace, { version: 2, demo: pool.id, parameters: {}, date: '', machine: '' });
  run.advance();
  run.end({ kind: ending, code: 0 } as Ending);
  return run.at();
}

/** Two threads: the second waits for the lock, whose number is any, and the main one for the second. */
function run({
  lock,
  waits,
  length,
  workers = '4',
  name = 'counter',
}: Record<'lock' | 'waits' | 'length', number> & { workers?: string; name?: string }): FakeRecord[] {
  return [
    { kind: Kind.run_start, time: 0 },
    { kind: Kind.parameter, time: 0, payload: `workers=${workers}` },
    { kind: Kind.parameter, time: 0, payload: 'seed=7' },
    { kind: Kind.object_name, time: 0, object: lock, detail: ObjectType.lock, payload: name },
    { kind: Kind.thread_start, time: 0, thread: 2, detail: 1 },
    { kind: Kind.blocked, time: 0, detail: Reason.thread_join },
    { kind: Kind.blocked, time: 1 * ms, thread: 2, object: lock, detail: Reason.lock },
    { kind: Kind.unblocked, time: (1 + waits) * ms, thread: 2, object: lock },
    { kind: Kind.thread_end, time: (2 + waits) * ms, thread: 2 },
    { kind: Kind.unblocked, time: length * ms },
    { kind: Kind.result, time: length * ms, payload: `total=${length}` },
    { kind: Kind.check, time: length * ms, detail: 1, payload: 'all' },
    { kind: Kind.run_end, time: length * ms },
  ];
}

test('a run does not differ from itself', () => {
  const moment = momentOf(run({ lock: 7, waits: 10, length: 20 }));
  const found = differencesOf(moment, moment);
  assert.deepEqual(found.parameters, []);
  for (const { a, b } of [found.length, found.threads, found.alive, found.mostRunning, ...found.states, ...found.waits, ...found.results])
    assert.equal(a, b);
  assert.deepEqual(findingOf(found), { time: 'same', part: null });
});

test('times, waits, results and parameters are those of the traces', () => {
  const found = differencesOf(
    momentOf(run({ lock: 7, waits: 40, length: 50 })),
    momentOf(run({ lock: 9, waits: 10, length: 20, workers: '8' })),
  );
  assert.deepEqual(found.parameters, [{ name: 'workers', a: '4', b: '8' }]);
  assert.deepEqual(found.length, { a: 50 * ms, b: 20 * ms });
  assert.deepEqual(found.threads, { a: 2, b: 2 });
  assert.deepEqual(found.alive, { a: (50 + 42) * ms, b: (20 + 12) * ms });
  assert.deepEqual(
    found.states.find(({ category }) => category === 'lock'),
    { category: 'lock', a: 40 * ms, b: 10 * ms },
  );
  assert.deepEqual(
    found.waits.filter(({ category }) => category !== 'join'),
    [{ category: 'lock', name: 'counter', a: 40 * ms, b: 10 * ms, times: { a: 1, b: 1 } }],
    'the lock is found by its name, whatever its number',
  );
  assert.deepEqual(found.results, [{ name: 'total', a: '50', b: '20' }]);
  assert.deepEqual(found.checks, [{ name: 'all', a: true, b: true }]);
});

test('what only one of the runs has is paired with nothing', () => {
  const found = differencesOf(
    momentOf([...run({ lock: 7, waits: 5, length: 20, name: 'left' }), { kind: Kind.result, time: 20 * ms, payload: 'ratio=2' }]),
    momentOf(run({ lock: 7, waits: 8, length: 20, name: 'right' })),
  );
  assert.deepEqual(
    found.waits.filter(({ category }) => category !== 'join').map(({ name, a, b, times }) => [name, a, b, times.a, times.b]),
    [
      ['right', 0, 8 * ms, 0, 1],
      ['left', 5 * ms, 0, 1, 0],
    ],
    'the largest difference is the first',
  );
  assert.deepEqual(found.results.at(-1), { name: 'ratio', a: '2', b: undefined });
});

test('a parameter that is written otherwise is the same', () => {
  const of = (workers: string) => momentOf(run({ lock: 7, waits: 5, length: 20, workers }));
  assert.deepEqual(differencesOf(of('4'), of('4.0')).parameters, []);
  assert.equal(differencesOf(of('many'), of('few')).parameters.length, 1);
});

test('the finding names what the time went to, and what was waited for', () => {
  const long = momentOf(run({ lock: 7, waits: 40, length: 50 }));
  const short = momentOf(run({ lock: 9, waits: 10, length: 20 }));
  assert.deepEqual(findingOf(differencesOf(long, short)), {
    time: 'less',
    part: { category: 'lock', of: 'counter', a: 40 * ms, b: 10 * ms },
  });
  assert.deepEqual(findingOf(differencesOf(short, long)), {
    time: 'more',
    part: { category: 'lock', of: 'counter', a: 10 * ms, b: 40 * ms },
  });
});

test('a difference that its parts do not account for is left without a part', () => {
  const a = momentOf(run({ lock: 7, waits: 1, length: 100 }));
  const b = momentOf(run({ lock: 7, waits: 20, length: 104 }));
  assert.equal(findingOf(differencesOf(a, b)).time, 'same');
  assert.deepEqual(findingOf(differencesOf(a, b)).part?.category, 'lock', 'a change of a tenth of the time is told all the same');
  const c = momentOf(run({ lock: 7, waits: 3, length: 101 }));
  assert.equal(findingOf(differencesOf(a, c)).part, null);
});

test('no times are compared where a run did not come to its end', () => {
  const done = momentOf(run({ lock: 7, waits: 5, length: 20 }));
  for (const ending of ['deadlock', 'stopped', 'killed', 'crashed', 'failed'] as const) {
    const other = momentOf(run({ lock: 7, waits: 5, length: 80 }), ending);
    assert.deepEqual(findingOf(differencesOf(done, other)), { time: null, part: null }, ending);
  }
});
