import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeFlags } from '../../web/src/views/timeline/flags.ts';

const flags = (length: number, ...places: number[]) => places.map((x) => ({ x, length }));

test('all flags are shown while none overlaps another', () => {
  assert.deepEqual(placeFlags(flags(40, 0, 50, 100), 200), [0, 1, 2]);
});

test('of seventy flags at once a few are shown, and none over another', () => {
  const dense = flags(40, ...Array.from({ length: 70 }, (_, place) => place * 10));
  const shown = placeFlags(dense, 700);
  assert.ok(shown.length > 10 && shown.length <= 700 / 42 + 1, `${shown.length} flags`);
  for (const [place, index] of shown.entries()) {
    if (place > 0) assert.ok(dense[index]!.x >= dense[shown[place - 1]!]!.x + 42, `flag ${index} stands apart`);
  }
});

test('the flag of a phase with room for it is not dropped for the one before', () => {
  // The second phase begins below the first flag, and lasts.
  assert.deepEqual(placeFlags(flags(60, 0, 20), 400), [1]);
  // Remarks in quick succession, then a phase.
  assert.deepEqual(placeFlags(flags(60, 0, 5, 10, 15), 400), [3]);
  assert.deepEqual(placeFlags(flags(60, 0, 65, 70, 75, 300), 400), [0, 3, 4]);
});

test('flags out of sight take no room', () => {
  assert.deepEqual(placeFlags(flags(60, -500, -30, 10, 900), 400), [2]);
  assert.deepEqual(placeFlags(flags(60, -500, -30, 100, 900), 400), [1, 2]);
  assert.deepEqual(placeFlags([], 400), []);
});
