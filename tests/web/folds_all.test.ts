import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Depth } from '../../web/src/folds/depth.ts';
import { Folds } from '../../web/src/folds/folds.ts';
import { FakeRecords, randomNumbers, randomRun } from './support/fake_records.ts';

test('folding a trace piece by piece leaves what folding it at once leaves', () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const list = randomRun(seed, 1500);
    const random = randomNumbers(seed * 77);
    const grown = new FakeRecords([]);
    const piecewise = new Folds();
    while (grown.length < list.length) {
      const piece = 1 + Math.floor(random() ** 3 * 300);
      grown.list.push(...list.slice(grown.length, grown.length + piece));
      assert.equal(piecewise.advance(grown), true);
      assert.equal(piecewise.advance(grown), false, 'nothing new is nothing to fold');
      if (random() < 0.1) {
        const prefix = new Folds();
        prefix.advance(new FakeRecords(grown.list));
        assert.deepEqual(prefix, piecewise, `seed ${seed}, prefix of ${grown.length}`);
      }
    }
    const atOnce = new Folds();
    atOnce.advance(new FakeRecords(list));
    assert.deepEqual(piecewise, atOnce, `seed ${seed}`);
    assert.equal(atOnce.taken, list.length);
  }
});

test('a fold that is asked for later has what it would have had from the start', () => {
  const list = randomRun(3, 900);
  const records = new FakeRecords(list.slice(0, 400));
  const folds = new Folds();
  folds.advance(records);
  const late = folds.late(Depth, records);
  assert.deepEqual(late, folds.depth);
  records.list.push(...list.slice(400));
  folds.advance(records);
  assert.equal(folds.late(Depth, records), late);
  assert.deepEqual(late, folds.depth);
});

test('the folds of an empty trace are empty', () => {
  const folds = new Folds();
  assert.equal(folds.advance(new FakeRecords()), false);
  assert.equal(folds.lanes.list.length, 0);
  assert.equal(folds.console.length, 0);
  assert.ok(Number.isNaN(folds.summary.exitStatus));
});
