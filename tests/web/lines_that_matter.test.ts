import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { linesThatMatter, namesIn } from '../../web/tools/lines_that_matter.mjs';

const demos = fileURLToPath(new URL('../../src/demos', import.meta.url));
const read = (demo: string, name: string) => readFileSync(path.join(demos, demo, name), 'utf8');

test('the first line of a text names the code that matters', () => {
  assert.deepEqual(namesIn('<!-- code: put, take -->\n\nA queue.\n'), { names: ['put', 'take'], text: 'A queue.\n' });
  assert.deepEqual(namesIn('A queue.\n'), { names: [], text: 'A queue.\n' });
});

test('functions, classes and constants made of a function are found in C++, calls and declarations are not', () => {
  const code = [
    'void put(int item);', // 0
    '/// Puts it.',
    'void put(int item) {',
    '  if (item > 0) { take(")"); }',
    '}',
    '', // 5
    'const Entry work("work", [](int steps) {',
    '  return put(steps);',
    '});',
    'struct Shared {',
    '  int take() const { return 1; }', // 10
    '};',
  ].join('\n');
  const found = (...names: string[]) => linesThatMatter(code, 'cpp', names).map(({ first, last }) => [first, last]);
  assert.deepEqual(found('put'), [[1, 4]]);
  assert.deepEqual(found('take'), [[10, 10]]);
  assert.deepEqual(found('Shared'), [[9, 11]]);
  assert.deepEqual(found('work', 'put'), [[1, 8]], 'what follows each other is one');
  assert.deepEqual(found('steps'), []);
});

test('functions are found in Python up to what is indented less', () => {
  const code = ['def main():', '    def work(n):', '        a()', '', '        b()', '', '    work(1)'].join('\n');
  assert.deepEqual(linesThatMatter(code, 'python', ['work']), [{ first: 1, last: 4 }]);
  assert.deepEqual(linesThatMatter(code, 'python', ['main']), [{ first: 0, last: 6 }]);
});

test('each demo says which of its code matters, in both of its programs', () => {
  const described = readdirSync(demos).filter((demo) => existsSync(path.join(demos, demo, 'about.en.md')));
  assert.ok(described.length > 20);
  for (const demo of described) {
    const { names } = namesIn(read(demo, 'about.en.md'));
    assert.ok(names.length > 0, `${demo} names what matters`);
    const programs = { cpp: read(demo, 'demo.cpp'), python: read(demo, 'twin.py') };
    for (const language of ['cpp', 'python'] as const)
      assert.ok(linesThatMatter(programs[language], language, names).length > 0, `${demo}, ${language}: ${names.join()}`);
    for (const name of names) {
      const isThere = (['cpp', 'python'] as const).some((language) => linesThatMatter(programs[language], language, [name]).length > 0);
      assert.ok(isThere, `${demo} has ${name}`);
    }
  }
});
