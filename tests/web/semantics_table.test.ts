// docs/semantics.md promises tests for each of its rows.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const rowIds = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''));

const folders = ['tests/semantics/', 'tests/processes/'].map((name) => new URL(name, root));
const tests = folders.flatMap((folder) => readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))).join('\n');
const tested = rowIds(tests, /^(?:TYPED_)?TEST(?:_F|_P)?\(\w+, ([A-Z]\d\d)_/gm);
const promised = rowIds(readFileSync(new URL('docs/semantics.md', root), 'utf8'), /^\| ([A-Z]\d\d) \|/gm);

test('every row of the table of semantics has a test of its number', () => {
  assert.ok(promised.size > 60);
  assert.deepEqual(
    [...promised].filter((row) => !tested.has(row)),
    [],
  );
});

test('every numbered test has a row in the table', () => {
  assert.deepEqual(
    [...tested].filter((row) => !promised.has(row)),
    [],
  );
});
