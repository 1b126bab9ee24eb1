import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '../../web/src/app/url.ts';
import { randomNumbers } from './support/fake_records.ts';

test('an address names a demo and what differs from its defaults', () => {
  assert.equal(formatAddress('thread-pool', new Map()), '#v1/thread-pool');
  assert.equal(
    formatAddress(
      'thread-pool',
      new Map([
        ['workers', '8'],
        ['work', 'wait'],
      ]),
    ),
    '#v1/thread-pool?workers=8&work=wait',
  );
  assert.equal(formatAddress('thread-pool', new Map(), 'zh'), '#v1/thread-pool?lang=zh');
});

test('version 1 is read for ever', () => {
  const { demo, values, language, problem } = parseAddress('#v1/producer-consumer?producers=3&consume_ms=0.5&ending=shutdown&lang=zh');
  assert.equal(demo, 'producer-consumer');
  assert.deepEqual(
    [...values],
    [
      ['producers', '3'],
      ['consume_ms', '0.5'],
      ['ending', 'shutdown'],
    ],
  );
  assert.equal(language, 'zh');
  assert.equal(problem, null);
});

test('an empty address asks for nothing', () => {
  for (const hash of ['', '#']) assert.deepEqual(parseAddress(hash), { demo: '', values: new Map(), language: null, problem: null });
});

test('what cannot be read is said, not thrown', () => {
  for (const text of ['v2/thread-pool', 'thread-pool', 'v1', 'isolation', 'v1x/a']) {
    assert.equal(parseAddress(`#${text}`).problem, text);
  }
});

test('values stay as they were written, right or wrong', () => {
  const { values } = parseAddress('#v1/demo?workers=99&cost=abc&empty=&flag&seed=%20 7&a+b=c+d&percent=100%');
  assert.deepEqual(
    [...values],
    [
      ['workers', '99'],
      ['cost', 'abc'],
      ['empty', ''],
      ['flag', ''],
      ['seed', '  7'],
      ['a b', 'c d'],
      ['percent', '100%'],
    ],
  );
});

test('an unknown language is no language', () => {
  assert.equal(parseAddress('#v1/demo?lang=fr').language, null);
});

test('whatever is written is read back', () => {
  const random = randomNumbers(11);
  const signs = ['a', 'Z', '7', ' ', '+', '%', '&', '=', '?', '#', '/', ',', ':', '–', '线', '😀', '%41'];
  const word = () => Array.from({ length: 1 + Math.floor(random() * 8) }, () => signs[Math.floor(random() * signs.length)]).join('');
  for (let trial = 0; trial < 500; trial += 1) {
    const demo = word();
    const values = new Map(Array.from({ length: Math.floor(random() * 5) }, () => [word(), word()]));
    values.delete('lang');
    const parsed = parseAddress(formatAddress(demo, values));
    assert.equal(parsed.problem, null);
    assert.equal(parsed.demo, demo);
    assert.deepEqual([...parsed.values], [...values]);
  }
});
