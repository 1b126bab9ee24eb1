import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry } from '../../web/src/app/history.ts';
import { dotsOf, figureOf, figuresOf, isGood, picksOf, spreadOf, timeFigure } from '../../web/src/views/runs/spread.ts';
import { demoWith } from './support/demos.ts';

const both = (text: string) => ({ en: text, zh: text });
const demo = demoWith('race', [], { results: ['lost', 'found'].map((name) => ({ name, label: both(name) })) });

const entry = (id: number, length: number, more: Partial<Entry> = {}): Entry => ({
  id,
  demo: 'race',
  date: '',
  machine: '',
  parameters: {},
  length,
  ending: { kind: 'finished', code: 0 },
  results: {},
  checks: {},
  records: 1,
  bytes: 1,
  ...more,
});

const series = (lengths: number[]) => lengths.map((length, place) => entry(place + 1, length));

test('figures are the time and the results that are numbers, the declared ones first', () => {
  const entries = [
    entry(1, 5, { results: { other: '1', found: '3', lost: '2', words: 'tea' } }),
    entry(2, 6, { results: { lost: '4', words: 'more tea' } }),
  ];
  assert.deepEqual(figuresOf(demo, entries), [timeFigure, 'lost', 'found', 'other']);
  assert.deepEqual(figuresOf(demo, []), [timeFigure]);
  assert.equal(figureOf(entries[0]!, 'lost'), 2);
  assert.equal(figureOf(entries[0]!, timeFigure), 5);
  assert.ok(Number.isNaN(figureOf(entries[1]!, 'found')), 'a run without the result has no figure, not 0');
  assert.ok(Number.isNaN(figureOf(entry(1, 1, { results: { lost: '' } }), 'lost')));
});

test('a spread has quartiles and a median', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2, 5]), { count: 5, least: 1, lowerQuartile: 2, median: 3, upperQuartile: 4, most: 5 });
  assert.deepEqual(spreadOf([1, 2]), { count: 2, least: 1, lowerQuartile: 1.25, median: 1.5, upperQuartile: 1.75, most: 2 });
  assert.deepEqual(spreadOf([7, NaN])?.median, 7, 'what is no number is not counted');
  assert.equal(spreadOf([]), null);
  assert.equal(spreadOf([NaN]), null);
});

test('the worst is the slowest, unless one did not come out as it has to', () => {
  const entries = series([10, 30, 20]);
  assert.equal(picksOf(entries, timeFigure)!.worst.id, 2);
  for (const wrong of [
    entry(9, 1, { ending: { kind: 'deadlock', code: 3 } }),
    entry(9, 1, { ending: { kind: 'finished', code: 0 }, checks: { all: false } }),
    entry(9, 1, { ending: null }),
  ]) {
    assert.equal(isGood(wrong), false);
    assert.equal(picksOf([...entries, wrong], timeFigure)!.worst.id, 9);
  }
});

test('the median is a run: of two in the middle the lower one', () => {
  assert.equal(picksOf(series([10, 30, 20]), timeFigure)!.median.length, 20);
  assert.equal(picksOf(series([10, 40, 20, 30]), timeFigure)!.median.length, 20);
  assert.equal(picksOf(series([10]), timeFigure)!.median.length, 10);
  assert.equal(picksOf([], timeFigure), null);
  assert.equal(picksOf(series([10, 20]), 'lost'), null, 'no run has the result');
});

test('the odd one out lies beyond the fences, on either side, of four runs or more', () => {
  const odd = (lengths: number[]) => picksOf(series(lengths), timeFigure)!.odd?.length ?? null;
  assert.equal(odd([10, 11, 12, 13, 14]), null);
  assert.equal(odd([10, 11, 12, 13, 90]), 90);
  assert.equal(odd([60, 61, 62, 63, 1]), 1);
  assert.equal(odd([10, 11, 90]), null, 'of three, none can be told to be odd');
  assert.equal(odd([10, 10, 10, 10, 11]), 11, 'among runs that are all the same, any other is');
  assert.equal(odd([10, 10, 10, 10]), null);
});

test('each run is a dot, and dots of a column are stacked', () => {
  const dots = dotsOf(series([0, 10, 1, 5, 0]), timeFigure, 10);
  assert.deepEqual(
    dots.map(({ entry: { id }, column, height }) => [id, column, height]),
    [
      [1, 0, 0],
      [2, 9, 0],
      [3, 1, 0],
      [4, 5, 0],
      [5, 0, 1],
    ],
  );
  assert.deepEqual(
    dotsOf(series([3, 3]), timeFigure, 9).map(({ column, height }) => [column, height]),
    [
      [4, 0],
      [4, 1],
    ],
    'equal values stand in the middle',
  );
  assert.deepEqual(dotsOf(series([1, 2]), 'lost', 9), []);
});
