import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsOf } from '../../web/src/app/runs/expect_run.ts';
import type { Demo, NumberParameter } from '../../web/src/app/catalogue.ts';

const text = { en: '', zh: '' };
const number = (name: string, more: Partial<NumberParameter> = {}): NumberParameter => ({
  name,
  type: 'integer',
  default: 2,
  minimum: 0,
  maximum: 64,
  label: text,
  help: text,
  ...more,
});
const demo = {
  parameters: [number('readers', { countsThreads: true }), number('items'), number('writers', { countsThreads: true, default: 3 })],
} as unknown as Demo;

test('the threads of a run are the sum of the parameters that count threads', () => {
  assert.equal(threadsOf(demo, { readers: 12, items: 50, writers: 4 }), 16);
  assert.equal(threadsOf(demo, { items: 50 }), 5, 'what is not given has its default');
});
