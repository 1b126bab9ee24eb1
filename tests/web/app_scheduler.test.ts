import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawWhenChanged, onEveryFrame } from '../../web/src/app/scheduler.ts';
import { following, frame as a, helpOpen, pointed, slowFrame as b, theme } from '../../web/src/app/state.ts';

let frames: FrameRequestCallback[] = [];
globalThis.requestAnimationFrame = (callback) => frames.push(callback);

function nextFrame(): number {
  const due = frames;
  frames = [];
  for (const callback of due) callback(0);
  return due.length;
}

test('what changed is drawn once a frame, and nothing is asked of the browser otherwise', () => {
  let drawn = 0;
  drawWhenChanged(() => {
    void (a.value + b.value);
    drawn += 1;
  });
  assert.equal(drawn, 1);
  assert.equal(nextFrame(), 0);
  a.value += 1;
  b.value += 1;
  a.value += 1;
  assert.equal(drawn, 1);
  assert.equal(nextFrame(), 1);
  assert.equal(drawn, 2);
  assert.equal(nextFrame(), 0);
});

test('what is no longer read no longer draws', () => {
  let drawn = 0;
  drawWhenChanged(() => {
    void (theme.value === 'auto' ? helpOpen.value : following.value);
    drawn += 1;
  });
  theme.value = 'dark';
  nextFrame();
  helpOpen.value = true;
  assert.equal(nextFrame(), 0);
  following.value = false;
  assert.equal(nextFrame(), 1);
  assert.equal(drawn, 3);
});

test('a ticker comes before the drawings of its frame, until it is ended', () => {
  pointed.value = 0;
  const seen: number[] = [];
  drawWhenChanged(() => seen.push(pointed.value!));
  const end = onEveryFrame(() => (pointed.value! += 1));
  nextFrame();
  nextFrame();
  end();
  nextFrame();
  assert.deepEqual(seen, [0, 1, 2]);
  assert.equal(nextFrame(), 0);
});
