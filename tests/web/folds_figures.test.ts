import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KindsSeen } from '../../web/src/folds/kinds_seen.ts';
import { Rows } from '../../web/src/folds/rows.ts';
import { Samples } from '../../web/src/folds/samples.ts';
import type { Fold } from '../../web/src/folds/fold.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { binsOf } from '../../web/src/views/samples/bins.ts';
import { isNumeric, shareOf } from '../../web/src/views/tables/cells.ts';
import { FakeRecords } from './support/fake_records.ts';
import type { FakeRecord } from './support/fake_records.ts';

function folded<F extends Fold>(fold: F, list: FakeRecord[]): F {
  fold.take(new FakeRecords(list), 0, list.length);
  return fold;
}

const samples = (...values: (number | string)[]) =>
  folded(
    new Samples(),
    values.map((value) => ({ kind: Kind.sample, time: 0, payload: `total=${value}` })),
  ).distributions.find(({ name }) => name === 'total')!;

test('samples: count, ends, middle and different values', () => {
  const odd = samples(5, 1, 9, 1, 2);
  assert.deepEqual([odd.count, odd.least, odd.median, odd.most, odd.distinct], [5, 1, 2, 9, 4]);
  assert.deepEqual(odd.sorted(), [
    [1, 2],
    [2, 1],
    [5, 1],
    [9, 1],
  ]);
  assert.equal(samples(1, 2, 3, 10).median, 2.5);
  assert.equal(samples(7).median, 7);
});

test('samples: by name, and what is no number is none', () => {
  const { distributions } = folded(new Samples(), [
    { kind: Kind.sample, time: 0, payload: 'a=1' },
    { kind: Kind.sample, time: 0, payload: 'b=-2.5e3' },
    { kind: Kind.sample, time: 0, payload: 'a=many' },
    { kind: Kind.sample, time: 0, payload: 'nothing' },
  ]);
  assert.deepEqual(
    distributions.map(({ name, count, least }) => [name, count, least]),
    [
      ['a', 1, 1],
      ['b', 1, -2500],
    ],
  );
});

test('bins: a bar a value while there are few whole ones', () => {
  assert.deepEqual(binsOf(samples(3, 5, 5)), [
    { from: 3, to: 3, count: 1 },
    { from: 4, to: 4, count: 0 },
    { from: 5, to: 5, count: 2 },
  ]);
  assert.deepEqual(binsOf(samples(0.5, 0.5)), [{ from: 0.5, to: 0.5, count: 2 }]);
});

test('bins: many values share bars of a round width, and none is lost', () => {
  for (const values of [
    [1, 4000, 399_987, 400_000],
    [0.1, 0.15, 0.9, 0.3],
    [-50, 0, 900],
  ]) {
    const bins = binsOf(samples(...values));
    assert.ok(bins.length <= 42, `${bins.length} bars`);
    assert.equal(
      bins.reduce((sum, { count }) => sum + count, 0),
      values.length,
    );
    assert.ok(bins[0]!.from <= Math.min(...values) && bins.at(-1)!.to >= Math.max(...values));
    assert.ok(bins[0]!.count > 0 && bins.at(-1)!.count > 0, 'the outer bars hold the least and the most');
  }
});

test('bins: what is far beyond nearly all others has one bar at the end', () => {
  const usual = Array.from({ length: 300 }, (_, place) => 10 + (place % 30));
  const bins = binsOf(samples(...usual, 0.5, 900, 25_000));
  assert.deepEqual(bins.at(-1), { from: 39, to: 25_000, count: 12, isTail: true });
  assert.equal(
    bins.reduce((sum, { count }) => sum + count, 0),
    303,
  );
  assert.ok(bins.filter(({ count }) => count > 0).length > 25, 'the others are seen apart');
  assert.ok(
    binsOf(samples(...usual, 50)).every(({ isTail }) => !isTail),
    'a little beyond is no tail',
  );
  assert.ok(
    binsOf(samples(...Array.from({ length: 500 }, () => 7), 9000)).every(({ isTail }) => !isTail),
    'beyond a single value',
  );
});

test('rows: by table, in their order', () => {
  const { tables } = folded(new Rows(), [
    { kind: Kind.row, time: 0, payload: 'meals\tPlato\t12' },
    { kind: Kind.row, time: 1, payload: 'other\tx' },
    { kind: Kind.row, time: 2, payload: 'meals\tKant\t3' },
  ]);
  assert.deepEqual(
    tables.map(({ name, rows }) => [name, [...rows]]),
    [
      [
        'meals',
        [
          ['Plato', '12'],
          ['Kant', '3'],
        ],
      ],
      ['other', [['x']]],
    ],
  );
});

test('cells: columns of numbers are compared, others are not', () => {
  assert.equal(isNumeric(['1', '2.5', '-3e4']), true);
  assert.equal(isNumeric(['1', '']), false);
  assert.equal(isNumeric(['1', 'A']), false);
  assert.equal(isNumeric([]), false);
  assert.equal(shareOf(3, [3, 12]), 0.25);
  assert.equal(shareOf(3, [3]), null, 'one number is compared with nothing');
  assert.equal(shareOf(3, [3, -1]), null);
  assert.equal(shareOf(0, [0, 0]), null);
});

test('kinds seen: which have come', () => {
  const seen = folded(new KindsSeen(), [
    { kind: Kind.mark, time: 0 },
    { kind: Kind.mark, time: 1 },
    { kind: Kind.row, time: 1, payload: 'a' },
  ]);
  assert.deepEqual(
    [Kind.mark, Kind.row, Kind.sample].map((kind) => seen.has(kind)),
    [true, true, false],
  );
});

test('bins: the last one ends at the most there is', () => {
  const edges = (...values: number[]) => binsOf(samples(...values)).at(-1)!;
  assert.deepEqual(edges(100_000, 150_000, 200_000, 200_000), { from: 195_000, to: 200_000, count: 2 });
  assert.equal(edges(100_000, 150_000, 199_000).to, 199_000);
  assert.equal(edges(0.5, 0.75, 1).to, 1);
});
