import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { address, addressOf, catalogue, demo, dismiss, follow, notices, raw, reading, resetRaw, setRaw } from '../../web/src/app/state.ts';
import { catalogueOfThree, pool, queue, tool } from './support/demos.ts';

beforeEach(() => {
  catalogue.value = catalogueOfThree;
  demo.value = null;
  raw.value = new Map();
});

const kinds = () => notices.value.map(({ kind, text }) => `${kind} ${text}`);

test('without an address the first demo that is listed is shown', () => {
  follow('');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), []);
});

test('an address brings demo and values', () => {
  follow('#v1/thread-pool?workers=8&work=wait');
  assert.equal(demo.value, pool);
  assert.equal(reading.value?.values.get('workers'), 8);
  assert.equal(address.value, '#v2/thread-pool?workers=8&work=wait');
});

test('a hidden demo is reached by its address', () => {
  follow('#v1/flood');
  assert.equal(demo.value, tool);
});

test('an unknown demo is said, and the first one shown', () => {
  follow('#v1/nothing?workers=3');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), ['unknownDemo nothing']);
  assert.equal(raw.value.size, 0);
});

test('an address that cannot be read is said', () => {
  follow('#v9/thread-pool');
  assert.equal(demo.value, queue);
  assert.deepEqual(kinds(), ['unreadable v9/thread-pool']);
  dismiss(notices.value[0]!);
  assert.deepEqual(kinds(), []);
});

test('unknown parameters are said, bad values stay in their field', () => {
  follow('#v1/thread-pool?colour=red&workers=99&size=3');
  assert.deepEqual(kinds(), ['unknownParameters colour, size']);
  assert.equal(raw.value.get('workers'), '99');
  assert.equal(reading.value?.problems.get('workers')?.kind, 'too-large');
  assert.equal(address.value, '#v2/thread-pool?workers=99', 'the link reproduces the form, error included');
});

test('editing changes the address, resetting takes it back', () => {
  follow('#v1/thread-pool');
  setRaw('workers', '7');
  setRaw('compare', 'false');
  assert.equal(address.value, '#v2/thread-pool?workers=7&compare=false');
  resetRaw('workers');
  assert.equal(address.value, '#v2/thread-pool?compare=false');
  resetRaw();
  assert.equal(address.value, '#v2/thread-pool');
});

test('what was typed for a demo is there on the way back', () => {
  follow('#v1/thread-pool');
  setRaw('workers', '7');
  follow('#v1/producer-consumer');
  assert.equal(addressOf(pool), '#v2/thread-pool?workers=7');
});

test('a demo without a version is opened, and one that is not there is said', () => {
  follow('#thread-pool?workers=3');
  assert.equal(demo.value, pool);
  assert.equal(reading.value?.values.get('workers'), 3);
  follow('#no-such-demo');
  assert.deepEqual(kinds(), ['unknownDemo no-such-demo']);
});

test('no text makes a long link, and what was wrong stays wrong', () => {
  follow('#v2/thread-pool');
  for (const text of ['9'.repeat(100_000), `7${' '.repeat(60)}x`, '线'.repeat(5000), `${'0'.repeat(50)}${'9'.repeat(50)}`]) {
    setRaw('workers', text);
    assert.ok(address.value.length < 500, `${address.value.length} signs`);
    const before = reading.value!.problems.get('workers');
    assert.ok(before);
    follow(address.value);
    assert.ok(reading.value!.problems.has('workers'), `${raw.value.get('workers')} is refused as ${text.slice(0, 20)} was`);
  }
});
