import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor, commands, isForTimeline } from '../../web/src/app/commands.ts';
import { timelineCommandFor, timelineCommands } from '../../web/src/app/timeline_commands.ts';

const press = (code: string, key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  code,
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('keys of the page', () => {
  assert.equal(commandFor(press('Enter', 'Enter', { ctrlKey: true })), 'run');
  assert.equal(commandFor(press('Enter', 'Enter', { metaKey: true })), 'run');
  assert.equal(commandFor(press('Enter', 'Enter')), null);
  assert.equal(commandFor(press('Escape', 'Escape')), 'stop');
  assert.equal(commandFor(press('Slash', '?')), 'help');
  assert.equal(commandFor(press('KeyW', 'w')), null, 'letters act within the timeline only');
});

test('signs alone can be switched off, the others stay', () => {
  assert.equal(commandFor(press('Slash', '/')), 'demos');
  assert.equal(commandFor(press('Slash', '/'), false), null);
  assert.equal(commandFor(press('Slash', '?'), false), null);
  assert.equal(commandFor(press('Enter', 'Enter', { ctrlKey: true }), false), 'run');
});

test('letters are places on the keyboard, whatever is printed on them', () => {
  assert.equal(timelineCommandFor(press('KeyW', 'z')), 'zoomIn');
  assert.equal(timelineCommandFor(press('KeyA', 'q')), 'panLeft');
  assert.equal(timelineCommandFor(press('KeyW', 'w', { ctrlKey: true })), null, 'Ctrl + W closes the tab');
  assert.equal(timelineCommandFor(press('KeyD', 'd', { altKey: true })), null);
});

test('no key means two things within its scope', () => {
  for (const list of [commands, timelineCommands]) {
    const keys = list.flatMap((command) => command.keys.map((key) => JSON.stringify(key)));
    assert.deepEqual(keys, [...new Set(keys)]);
  }
});

test('what the timeline knows of keys is loaded for each of its keys, and for none with Ctrl', () => {
  for (const { code = '', key = code.replace('Key', '').toLowerCase() } of timelineCommands.flatMap(({ keys }) => keys)) {
    assert.ok(isForTimeline(press(code, key)), key);
    assert.ok(!isForTimeline(press(code, key, { ctrlKey: true })), `Ctrl + ${key}`);
  }
  assert.deepEqual([press('KeyQ', 'q'), press('Tab', 'Tab'), press('Enter', 'Enter')].filter(isForTimeline), []);
});
