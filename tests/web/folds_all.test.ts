import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Depth } from '../../web/src/folds/depth.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Folds } from '../../web/src/folds/folds.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { Pipes } from '../../web/src/folds/pipes.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';

const lateFolds: (new () => Fold)[] = [Depth, Pipes, Holders, Gils];

/** The folds that every run has, and those that are made when they are asked for. */
function statesOf(folds: Folds): unknown[] {
  const none = new FakeRecords();
  return [folds, ...lateFolds.map((kind) => folds.late<Fold>(kind, none))];
}

test('folding a trace piece by piece leaves what folding it at once leaves', () => {
  const foldsOf = (records: FakeRecords) => {
    const folds = new Folds();
    for (const kind of lateFolds) folds.late<Fold>(kind, records);
    return folds;
  };
  for (let seed = 1; seed <= 12; seed += 1) {
    const list = randomRun(seed, 1500);
    const random = randomNumbers(seed * 77);
    const grown = new FakeRecords([]);
    const piecewise = foldsOf(grown);
    while (grown.length < list.length) {
      const piece = 1 + Math.floor(random() ** 3 * 300);
      grown.list.push(...list.slice(grown.length, grown.length + piece));
      assert.equal(piecewise.advance(grown), true);
      assert.equal(piecewise.advance(grown), false, 'nothing new is nothing to fold');
      if (random() < 0.1) {
        const prefix = foldsOf(new FakeRecords());
        prefix.advance(new FakeRecords(grown.list));
        assert.deepEqual(statesOf(prefix), statesOf(piecewise), `seed ${seed}, prefix of ${grown.length}`);
      }
    }
    const atOnce = foldsOf(new FakeRecords());
    atOnce.advance(new FakeRecords(list));
    assert.deepEqual(statesOf(piecewise), statesOf(atOnce), `seed ${seed}`);
    assert.equal(atOnce.taken, list.length);
  }
});

test('a fold that is asked for later has what it would have had from the start', () => {
  const list = randomRun(3, 900);
  const records = new FakeRecords(list.slice(0, 400));
  const folds = new Folds();
  folds.advance(records);
  const late = folds.late(Lanes, records);
  assert.deepEqual(late, folds.lanes);
  records.list.push(...list.slice(400));
  folds.advance(records);
  assert.equal(folds.late(Lanes, records), late);
  assert.deepEqual(late, folds.lanes);
});

test('the folds of an empty trace are empty', () => {
  const folds = new Folds();
  assert.equal(folds.advance(new FakeRecords()), false);
  assert.equal(folds.lanes.list.length, 0);
  assert.equal(folds.console.length, 0);
  assert.ok(Number.isNaN(folds.summary.exitStatus));
});
