import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor, commands } from '../../web/src/app/commands.ts';

const press = (code: string, key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  code,
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('keys of the page', () => {
  assert.equal(commandFor(press('Enter', 'Enter', { ctrlKey: true }), 'page'), 'run');
  assert.equal(commandFor(press('Enter', 'Enter', { metaKey: true }), 'page'), 'run');
  assert.equal(commandFor(press('Enter', 'Enter'), 'page'), null);
  assert.equal(commandFor(press('Escape', 'Escape'), 'page'), 'stop');
  assert.equal(commandFor(press('Slash', '?'), 'page'), 'help');
  assert.equal(commandFor(press('KeyW', 'w'), 'page'), null, 'letters act within the timeline only');
});

test('signs alone can be switched off, the others stay', () => {
  assert.equal(commandFor(press('Slash', '/'), 'page'), 'demos');
  assert.equal(commandFor(press('Slash', '/'), 'page', false), null);
  assert.equal(commandFor(press('Slash', '?'), 'page', false), null);
  assert.equal(commandFor(press('Enter', 'Enter', { ctrlKey: true }), 'page', false), 'run');
});

test('letters are places on the keyboard, whatever is printed on them', () => {
  assert.equal(commandFor(press('KeyW', 'z'), 'timeline'), 'zoomIn');
  assert.equal(commandFor(press('KeyA', 'q'), 'timeline'), 'panLeft');
  assert.equal(commandFor(press('KeyW', 'w', { ctrlKey: true }), 'timeline'), null, 'Ctrl + W closes the tab');
  assert.equal(commandFor(press('KeyD', 'd', { altKey: true }), 'timeline'), null);
});

test('no key means two things within its scope', () => {
  for (const scope of ['page', 'timeline'] as const) {
    const keys = commands.filter((command) => command.scope === scope).flatMap((command) => command.keys.map((key) => JSON.stringify(key)));
    assert.deepEqual(keys, [...new Set(keys)]);
  }
});
