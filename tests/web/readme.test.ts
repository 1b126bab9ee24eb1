import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the README quotes the example that the tests compile', () => {
  assert.ok(read('README.md').includes(`\`\`\`cpp\n${read('examples/squares.cpp')}\`\`\``));
});
