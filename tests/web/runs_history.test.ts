import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ending } from '../../web/src/app/ending.ts';
import { beyond, bytesOf, draftOf, entryBytes } from '../../web/src/app/runs/history/entry.ts';
import type { Draft, Entry } from '../../web/src/app/runs/history/entry.ts';
import { History } from '../../web/src/app/runs/history/history.ts';
import { MemoryStore } from '../../web/src/app/runs/history/store.ts';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { pool } from './support/demos.ts';
import { TraceWriter } from './support/trace_writer.ts';

const draft = (bytes: number, demo = 'thread-pool'): Draft => ({
  demo,
  date: '2026-01-01T00:00:00Z',
  machine: '4 cores',
  parameters: { workers: 4 },
  length: 1e6,
  ending: { kind: 'finished', code: 0 },
  results: {},
  checks: {},
  records: 10,
  bytes,
});
const entry = (id: number, bytes: number): Entry => ({ ...draft(bytes), id });

test('an entry has what the run came to', () => {
  const writer = new TraceWriter();
  writer.addFake({ kind: Kind.run_start, time: 1e6 });
  writer.addFake({ kind: Kind.result, time: 3e6, payload: 'total=12' });
  writer.addFake({ kind: Kind.check, time: 3e6, detail: 0, payload: 'all' });
  writer.addFake({ kind: Kind.run_end, time: 5e6, detail: 1 });
  const header = { version: 2, demo: pool.id, parameters: { workers: 3 }, date: '2026-01-01T00:00:00Z', machine: '4 cores' };
  const run = new OpenRun(pool, 'live', writer.trace, header);
  run.advance();
  run.end({ kind: 'failed-check', code: 1 } as Ending);
  assert.deepEqual(draftOf(run, 77), {
    demo: pool.id,
    date: header.date,
    machine: header.machine,
    parameters: { workers: 3 },
    length: 4e6,
    ending: { kind: 'failed-check', code: 1 },
    results: { total: '12' },
    checks: { all: false },
    records: 4,
    bytes: 77,
  });
});

test('beyond the limits the oldest runs are given up', () => {
  const entries = [entry(1, 100), entry(2, 100), entry(3, 100)];
  assert.deepEqual(beyond(entries, { runs: 3, bytes: 1e6 }), []);
  assert.deepEqual(beyond(entries, { runs: 2, bytes: 1e6 }), [1]);
  assert.deepEqual(beyond(entries.toReversed(), { runs: 1, bytes: 1e6 }), [2, 1], 'whatever the order of the list');
  assert.deepEqual(beyond(entries, { runs: 9, bytes: 2 * (100 + entryBytes) }), [1]);
  assert.deepEqual(beyond(entries, { runs: 9, bytes: 2 * (100 + entryBytes) - 1 }), [2, 1]);
  assert.deepEqual(beyond(entries, { runs: 9, bytes: 1 }), [2, 1], 'the latest stays, however large it is');
  assert.deepEqual(beyond([], { runs: 0, bytes: 0 }), []);
  assert.equal(bytesOf(entries), 300 + 3 * entryBytes);
});

test('the history keeps runs and their traces within its limits', async () => {
  const store = new MemoryStore();
  const history = new History(store, { runs: 2, bytes: 1e6 });
  const listed = () => history.entries.value?.map(({ id }) => id);
  assert.equal(listed(), undefined, 'nothing is known before it has been read');
  await history.read();
  assert.deepEqual(listed(), []);
  const ids: number[] = [];
  for (const size of [1, 2, 3]) ids.push((await history.add(draft(size), new Uint8Array(size).buffer)).id);
  assert.deepEqual(listed(), ids.slice(1));
  assert.equal(await history.trace(ids[0]!), null, 'the trace is gone with its entry');
  assert.equal((await history.trace(ids[2]!))!.byteLength, 3);
  // Another tab has the same store.
  const { id } = await store.add(draft(9, 'gil'), null);
  await history.read();
  assert.deepEqual(listed(), [...ids.slice(1), id]);
  await history.remove(ids);
  assert.deepEqual(listed(), [id]);
  assert.equal(await history.trace(ids[2]!), null);
});
