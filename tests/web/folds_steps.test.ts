import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Steps } from '../../web/src/folds/steps.ts';
import { randomNumbers } from './support/fake_records.ts';

test('a value holds from its moment to the next', () => {
  const steps = new Steps();
  steps.push(10, 1);
  steps.push(20, 3);
  steps.push(20, 2);
  assert.deepEqual(
    [0, 10, 19, 20, 99].map((time) => steps.at(time)),
    [0, 1, 1, 2, 2],
  );
  assert.equal(steps.maximum, 3);
  assert.deepEqual(steps.rangeIn(0, 5), { least: 0, most: 0, last: 0 });
  assert.deepEqual(steps.rangeIn(12, 25), { least: 1, most: 3, last: 2 });
});

test('least and most of a stretch are those of the slow way', () => {
  const random = randomNumbers(3);
  const steps = new Steps();
  const all: [time: number, value: number][] = [];
  let time = 0;
  for (let index = 0; index < 5000; index += 1) {
    time += Math.floor(random() * 4);
    const value = Math.floor(random() * 1000);
    steps.push(time, value);
    all.push([time, value]);
  }
  for (let trial = 0; trial < 400; trial += 1) {
    const [from, to] = [random() * time, random() * time].sort((a, b) => a - b) as [number, number];
    const entry = all.findLast(([at]) => at <= from)?.[1] ?? 0;
    const values = [entry, ...all.filter(([at]) => at > from && at <= to).map(([, value]) => value)];
    assert.deepEqual(steps.rangeIn(from, to), {
      least: Math.min(...values),
      most: Math.max(...values),
      last: values.at(-1),
    });
  }
});
