import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep } from '../../web/src/isolation/plan.ts';
import type { Facts } from '../../web/src/isolation/plan.ts';

const facts: Facts = { isFramed: false, isControlled: true, cameThroughWorker: true, reloads: 0 };

test('a first visit is loaded again', () => {
  const first = { ...facts, cameThroughWorker: false };
  assert.deepEqual(nextStep(first), { do: 'reload' });
  assert.deepEqual(nextStep({ ...first, isControlled: false }), { do: 'reload' });
});

test('headers that did not do are exchanged, once', () => {
  assert.deepEqual(nextStep(facts), { do: 'switch-headers' });
  assert.deepEqual(nextStep({ ...facts, reloads: 1 }), { do: 'switch-headers' });
  assert.deepEqual(nextStep({ ...facts, reloads: 2 }), { do: 'give-up', reason: 'refused' });
});

test('a frame that cannot be isolated says so', () => {
  assert.deepEqual(nextStep({ ...facts, isFramed: true, reloads: 2 }), { do: 'give-up', reason: 'framed' });
});

test('a page past the service worker asks for a reload after one of its own', () => {
  const past = { ...facts, isControlled: false, cameThroughWorker: false, reloads: 1 };
  assert.deepEqual(nextStep(past), { do: 'give-up', reason: 'needs-reload' });
});

test('where nothing can be remembered the page never reloads itself', () => {
  for (const isControlled of [true, false]) {
    for (const cameThroughWorker of [true, false]) {
      const step = nextStep({ ...facts, isControlled, cameThroughWorker, reloads: null });
      assert.deepEqual(step, { do: 'give-up', reason: 'needs-reload' });
    }
  }
});

test('no facts lead to more than two reloads', () => {
  const booleans = [true, false];
  for (const isFramed of booleans) {
    // The browser may answer differently after each reload.
    let worlds: Facts[] = [{ ...facts, isFramed }];
    for (let reloads = 0; worlds.length > 0; reloads += 1) {
      assert.ok(reloads <= 3);
      const reloading = booleans
        .flatMap((isControlled) => booleans.map((cameThroughWorker) => ({ isFramed, isControlled, cameThroughWorker, reloads })))
        .filter((each) => nextStep(each).do !== 'give-up');
      if (reloads >= 2) assert.deepEqual(reloading, []);
      worlds = reloading;
    }
  }
});
