import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

for (const [document, example] of [
  ['README.md', 'squares'],
  ['docs/processes.md', 'processes'],
] as const) {
  test(`${document} quotes the example that the tests compile`, () => {
    assert.ok(read(document).includes(`\`\`\`cpp\n${read(`examples/${example}.cpp`)}\`\`\``));
  });
}

test('the README counts the demos on the list', () => {
  const folder = new URL('../../src/demos/', import.meta.url);
  const listed = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/twin.py`, folder)));
  assert.equal(Number(/pick one of (\d+) demos/.exec(read('README.md'))?.[1]), listed.length);
});
