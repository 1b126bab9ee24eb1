import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '../../web/src/app/url.ts';
import { randomNumbers } from './support/fake_records.ts';

const pairs = (map: ReadonlyMap<string, string>) => [...map];

test('an address names a demo, what differs from its defaults, and how it is looked at', () => {
  assert.equal(formatAddress('thread-pool', new Map()), '#v2/thread-pool');
  const values = new Map([
    ['workers', '8'],
    ['work', 'wait'],
  ]);
  assert.equal(formatAddress('thread-pool', values), '#v2/thread-pool?workers=8&work=wait');
  assert.equal(formatAddress('thread-pool', new Map([...values, ['.lang', 'zh']])), '#v2/thread-pool?workers=8&work=wait&.lang=zh');
});

test('version 2 keeps what is said of the view apart from the parameters', () => {
  const { demo, values, language, problem } = parseAddress('#v2/gil?threads=3&lang=c&.lang=zh&.window=1-2.5');
  assert.deepEqual([demo, language, problem], ['gil', 'zh', null]);
  assert.deepEqual(pairs(values), [
    ['threads', '3'],
    ['lang', 'c'],
    ['.window', '1-2.5'],
  ]);
});

test('version 1 is read for ever', () => {
  const { demo, values, language, problem } = parseAddress('#v1/producer-consumer?producers=3&consume_ms=0.5&ending=shutdown&lang=zh');
  assert.equal(demo, 'producer-consumer');
  assert.deepEqual(pairs(values), [
    ['producers', '3'],
    ['consume_ms', '0.5'],
    ['ending', 'shutdown'],
  ]);
  assert.deepEqual([language, problem], ['zh', null]);
  assert.equal(parseAddress('#v1/gil?lang=en').language, 'en');
  assert.deepEqual(pairs(parseAddress('#v1/gil?slang=c').values), [['slang', 'c']]);
});

test('a demo without a version is opened', () => {
  assert.deepEqual([parseAddress('#deadlock').demo, parseAddress('#deadlock').problem], ['deadlock', null]);
  const { demo, values, language } = parseAddress('#thread-pool?workers=2&lang=zh');
  assert.deepEqual([demo, pairs(values), language], ['thread-pool', [['workers', '2']], 'zh']);
});

test('an empty address asks for nothing', () => {
  for (const hash of ['', '#']) {
    assert.deepEqual(parseAddress(hash), { demo: '', values: new Map(), language: null, problem: null });
  }
});

test('what cannot be read is said, not thrown', () => {
  for (const text of ['v3/thread-pool', 'v0/thread-pool', 'v10/a', 'v1', 'v1x/a', '%%%', '/deadlock', '?workers=2', '死锁']) {
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
    const parsed = parseAddress(formatAddress(demo, values));
    assert.equal(parsed.problem, null);
    assert.equal(parsed.demo, demo);
    assert.deepEqual(pairs(parsed.values), pairs(values));
  }
});

test('half a character does not break the link', () => {
  assert.equal(formatAddress('demo', new Map([['a', 'x\ud83d']])), `#v2/demo?a=x${encodeURIComponent('\ufffd')}`);
});
