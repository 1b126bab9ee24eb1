import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingOf } from '../../web/src/app/ending.ts';
import { Session } from '../../web/src/app/session.ts';
import type { Trace } from '../../web/src/trace/columns.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';
import { pool } from './support/demos.ts';

const ended = (reason: 'exited' | 'killed' | 'crashed', code: number, checks: Record<string, boolean> = {}) =>
  endingOf({ reason, code, text: '' }, new Map(Object.entries(checks))).kind;

test('how a run ended', () => {
  assert.equal(ended('exited', 0, { order: true }), 'finished');
  assert.equal(ended('exited', 1, { order: false }), 'failed-check');
  assert.equal(ended('exited', 1, { order: true }), 'failed');
  assert.equal(ended('exited', 2), 'refused');
  assert.equal(ended('exited', 3, { order: false }), 'deadlock');
  assert.equal(ended('exited', 130), 'stopped');
  assert.equal(ended('killed', 137), 'killed');
  assert.equal(ended('crashed', 134), 'crashed');
});

function sessionOf(list: FakeRecord[]): Session {
  const records = new FakeRecords(list);
  const trace = Object.defineProperty(records, 'lastTime', { get: () => list.at(-1)?.time ?? 0 }) as unknown as Trace;
  return new Session(pool, 'live', trace, { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
}

test('a run goes on while nothing is recorded', () => {
  const list: FakeRecord[] = [{ kind: Kind.run_start, time: 2e6 }];
  const session = sessionOf(list);
  session.advance();
  assert.equal(session.at().now, 2e6);
  session.elapse(1000);
  assert.equal(session.at().now, 2e6);
  session.elapse(1016);
  assert.equal(session.at().now, 18e6);
  list.push({ kind: Kind.progress, time: 30e6 });
  session.advance();
  session.elapse(1020);
  assert.equal(session.at().now, 30e6, 'a later record corrects the clock');
  session.elapse(1025);
  assert.equal(session.at().now, 35e6);
  assert.equal(session.at().length, 33e6);
});

test('a run that ended is as long as it says', () => {
  const session = sessionOf([{ kind: Kind.run_start, time: 1e6 }, { kind: Kind.run_end, time: 9e6 }, { kind: Kind.thread_end, time: 12e6 }]);
  session.advance();
  assert.equal(session.at().length, 8e6);
  assert.equal(session.at().start, 0, 'the axis begins with the run’s clock');
});

test('a run that begins late on its clock is shown from there', () => {
  const session = sessionOf([{ kind: Kind.run_start, time: 5e9 }]);
  session.advance();
  assert.equal(session.at().start, 5e9);
});
