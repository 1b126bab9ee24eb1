import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chooseLanguage } from '../../web/src/app/i18n/index.ts';
import { readValue } from '../../web/src/app/parameters.ts';
import type { Parameter } from '../../web/src/app/catalogue.ts';
import { problemText } from '../../web/src/views/form/problem_text.ts';
import { nudge } from '../../web/src/views/form/nudge.ts';
import type { NumberParameter } from '../../web/src/app/catalogue.ts';
import { compare, cost, work, workers } from './support/demos.ts';

before(() => chooseLanguage('en'));

function textFor(parameter: Parameter, raw: string): string {
  const reading = readValue(parameter, raw);
  assert.ok('problem' in reading);
  return problemText(reading.problem);
}

test('an error names the parameter, the value and what is accepted', () => {
  assert.equal(textFor(workers, '99'), 'Workers: 99 is too large. It takes a whole number from 1 to 32.');
  assert.equal(textFor(cost, '-1'), 'Cost: -1 is too small. It takes a number from 0 to 1,000.');
  assert.equal(textFor(workers, 'x'), 'Workers: “x” is not a number. It takes a whole number from 1 to 32.');
  assert.equal(textFor(workers, ''), 'Workers is empty. It takes a whole number from 1 to 32.');
  assert.equal(textFor(work, 'swim'), 'Work: “swim” is not one of compute, wait.');
  assert.equal(textFor(work, 'x'.repeat(1000)), `Work: “${'x'.repeat(24)}…” is not one of compute, wait.`);
  assert.equal(textFor(compare, 'maybe'), 'Compare: “maybe” is neither of true and false.');
});

test('in Chinese as well', async () => {
  await chooseLanguage('zh');
  assert.equal(textFor(workers, '2.5'), '“Workers”：2.5 不是整数，应填 1 到 32 之间的整数。');
  await chooseLanguage('en');
});

const key = (name: string, shiftKey = false) => ({ key: name, shiftKey, ctrlKey: false, metaKey: false, altKey: false });

test('arrow keys step, and stay in the range', () => {
  const whole = workers as NumberParameter;
  assert.equal(nudge(whole, 4, key('ArrowUp')), 5);
  assert.equal(nudge(whole, 4, key('ArrowDown', true)), 1);
  assert.equal(nudge(whole, 30, key('PageUp')), 32);
  assert.equal(nudge(whole, 4, key('Enter')), null);
  assert.equal(nudge(whole, NaN, key('ArrowUp')), null);
  assert.equal(nudge(whole, 4, { ...key('ArrowUp'), ctrlKey: true }), null);
  assert.equal(nudge(cost as NumberParameter, 20, key('ArrowUp')), 21);
  assert.equal(nudge(cost as NumberParameter, 2, key('ArrowUp')), 2.1);
});
