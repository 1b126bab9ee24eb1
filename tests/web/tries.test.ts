import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chooseLanguage } from '../../web/src/app/i18n/index.ts';
import { parameterList } from '../../web/src/app/parameter_texts.ts';
import { readAll } from '../../web/src/app/parameters.ts';
import { atEndsOfItems, triesIn, valuesOf } from '../../web/tools/tries.mjs';
import { pool } from './support/demos.ts';

const demos = fileURLToPath(new URL('../../src/demos', import.meta.url));

test('tries stand below the items of the last list, and are no part of the text', () => {
  const text =
    '1. One.\n2. Two.\n\n## Try\n\n1. Do\n   this.\n   <!-- try: a=1 -->\n   <!-- try: a=2&b=3 -->\n2. Think.\n3. Do that.\n   <!-- try: c=4 -->\n\nEnd.\n';
  assert.deepEqual(triesIn(text), {
    text: '1. One.\n2. Two.\n\n## Try\n\n1. Do\n   this.\n2. Think.\n3. Do that.\n\nEnd.\n',
    tries: [['a=1', 'a=2&b=3'], [], ['c=4']],
  });
  assert.throws(() => triesIn('Do.\n<!-- try: a=1 -->'), /below no item/);
});

test('something is put at the end of each item of the last list', () => {
  assert.equal(
    atEndsOfItems('<ol>\n<li>a</li>\n</ol><ol>\n<li>b</li>\n<li>c</li>\n</ol>\n<p>', ['1', '2']),
    '<ol>\n<li>a</li>\n</ol><ol>\n<li>b1</li>\n<li>c2</li>\n</ol>\n<p>',
  );
  assert.throws(() => atEndsOfItems('<ol><li>a</li></ol>', ['1', '2']), /has 1 items, not 2/);
  assert.throws(() => atEndsOfItems('<p>', ['1']), /has 0 items, not 1/);
});

test('a try that the demo does not accept names the parameter and the value', () => {
  const of = (query: string) => () => valuesOf(pool, query, readAll);
  assert.deepEqual(
    [...of('workers=8&work=wait')()],
    [
      ['workers', '8'],
      ['work', 'wait'],
    ],
  );
  assert.throws(of('worker=8'), /thread-pool has no parameter worker$/);
  assert.throws(of('workers=99'), /does not accept 99 for workers: too-large/);
  assert.throws(of('work=wait&cost=7'), /cost of thread-pool means nothing in the try/);
  assert.throws(of(''), /sets no parameter/);
});

test('a try is labelled with its parameters', async () => {
  await chooseLanguage('zh');
  assert.equal(
    parameterList(
      pool,
      new Map([
        ['workers', '8'],
        ['compare', 'false'],
      ]),
    ),
    'Workers 8，Compare 关',
  );
  await chooseLanguage('en');
  assert.equal(
    parameterList(
      pool,
      new Map([
        ['workers', '8'],
        ['work', 'wait'],
      ]),
    ),
    'Workers 8, Work Wait',
  );
});

test('every demo has tries, and its Chinese text has the same items', () => {
  const read = (demo: string, name: string) => readFileSync(path.join(demos, demo, name), 'utf8');
  const described = readdirSync(demos).filter((demo) => existsSync(path.join(demos, demo, 'about.en.md')));
  assert.ok(described.length > 20);
  for (const demo of described) {
    const { tries } = triesIn(read(demo, 'about.en.md'));
    assert.ok(tries.flat().length > 0, demo);
    assert.equal(triesIn(read(demo, 'about.zh.md')).tries.length, tries.length, demo);
  }
});
