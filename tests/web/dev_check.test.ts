import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { wrongIncludes, wrongIncludesOfUser } from '../../tools/dev/layers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is written and returned by `commands`, after what ./dev check consists of. */
function shell(commands: string) {
  const begin = `set -euo pipefail
say() { printf '%s\\n' "$@"; }
die() { say "died: $*"; exit 1; }
need() { :; }
source tools/dev/check.sh
`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', begin + commands], { cwd: root, encoding: 'utf8' });
  assert.equal(stderr, '');
  return { lines: stdout.trimEnd().split('\n'), status };
}

test('an include of a higher floor is named with its line and the rule', () => {
  const text = '#pragma once\n\n#include <vector>\n#include "weft/platform/futex.h"\n#  include "weft/queue/queue.h"\n';
  assert.deepEqual(wrongIncludes('runtime/park.h', text), [
    'src/weft/runtime/park.h:5: includes weft/queue/queue.h: runtime is below queue',
  ]);
  assert.deepEqual(wrongIncludes('futures/a/b.cpp', text), []);
  assert.deepEqual(wrongIncludes('errors.h', '#include "weft/runtime/park.h"').length, 1);
});

test("the library includes neither what is built on it, nor what is one system's, nor what has no floor", () => {
  const rules = (file: string, included: string) => wrongIncludes(file, `#include "${included}"`).map((one) => one.split(': ').at(-1));
  assert.deepEqual(rules('queue/queue.h', 'demos/kit/random.h'), ['the library knows nothing of what is built on it']);
  assert.deepEqual(rules('queue/queue.h', 'weft/platform/linux/descriptor.h'), ['only platform/linux may include what is there']);
  assert.deepEqual(rules('platform/linux/a.cpp', 'weft/platform/linux/descriptor.h'), []);
  assert.deepEqual(rules('queue/queue.h', 'weft/new/a.h'), ['that is on no floor']);
  assert.equal(wrongIncludes('new/a.h', '').length, 1);
});

test('what is internal to a module only it includes, and those above that stand on its inside', () => {
  const rules = (file: string, included: string) => wrongIncludes(file, `#include "${included}"`).map((one) => one.split(': ').at(-1));
  assert.deepEqual(rules('queue/queue.h', 'weft/queue/internal/slot_ring.h'), []);
  assert.deepEqual(rules('queue/queue.h', 'weft/runtime/internal/spin.h'), []);
  assert.deepEqual(rules('futures/internal/state.h', 'weft/queue/internal/slot_ring.h'), ['that is internal to queue']);
  assert.deepEqual(rules('queue/queue.h', 'weft/trace/internal/names.h'), ['that is internal to trace']);
  assert.deepEqual(rules('multiprocessing/lock.h', 'weft/ipc/self.h'), []);
  assert.deepEqual(rules('threading/lock.h', 'weft/ipc/self.h'), ['that is internal to ipc']);
  assert.deepEqual(rules('ipc/internal/a.h', 'weft/multiprocessing/lock.h'), ['ipc is below multiprocessing']);
  assert.deepEqual(rules('weft.h', 'weft/threading/internal/lock_core.h'), ['that is internal to threading']);
});

test('who uses the library includes nothing internal, except what is listed', () => {
  const wrong = (file: string, included: string) => wrongIncludesOfUser(file, `\n#include "${included}"\n`);
  assert.deepEqual(wrong('src/demos/race/demo.cpp', 'weft/threading/internal/lock_core.h'), [
    'src/demos/race/demo.cpp:2: includes weft/threading/internal/lock_core.h: that is internal to threading',
  ]);
  assert.deepEqual(wrong('examples/squares.cpp', 'weft/ipc/archive.h').length, 1);
  assert.deepEqual(wrong('examples/squares.cpp', 'weft/multiprocessing/serialise.h'), []);
  assert.deepEqual(wrong('src/cli/main.cpp', 'weft/ipc/self.h').length, 1);
  assert.deepEqual(wrong('src/cli/collected.cpp', 'weft/ipc/self.h'), []);
  assert.deepEqual(wrong('src/cli/collected.cpp', 'internal/own.h'), []);
});

test('no file includes what it must not: a higher floor, the inside of another module', () => {
  const { stdout, status } = spawnSync(process.execPath, ['tools/dev/layers.mjs'], { cwd: root, encoding: 'utf8' });
  assert.deepEqual([stdout, status], ['', 0]);
});

test('what is not internal is public: the header of its module includes it, or the list of installed ones has it', () => {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const headersOf = (module: string) =>
    readdirSync(path.join(root, 'src/weft', module))
      .sort()
      .filter((name) => name.endsWith('.h'))
      .map((name) => `${module}/${name}`);
  for (const module of ['threading', 'queue', 'futures', 'multiprocessing']) {
    const included = [...read(`src/weft/${module}.h`).matchAll(/^#include "weft\/(.*)"$/gm)].map(([, name]) => name);
    assert.deepEqual(included, headersOf(module), module);
  }
  const listed = read('cmake/public_headers.cmake')
    .match(/^  (?!#).*/gm)!
    .join(' ')
    .match(/\w+\/\w+/g)!;
  assert.deepEqual(
    listed.map((name) => `${name}.h`),
    [...headersOf('runtime'), ...headersOf('trace')],
  );
});

test('./dev check names each file once that is not formatted, and how to mend it', () => {
  const said = 'src/a.cpp:3:1: error: code should be clang-formatted [-Wclang-format-violations]';
  const { lines, status } = shell(`formatted_files() { say src/a.cpp src/b.h; }
clang-format-16() { say '${said}' '  int  x;' '    ^' '${said}' >&2; return 1; }
check format`);
  assert.deepEqual(lines, [
    '=== format',
    '  src/a.cpp',
    'Not formatted: 1 of 2 files. To mend them: ./dev format',
    'died: not in order: format',
  ]);
  assert.equal(status, 1);
});

test('./dev check fails with what clang-format says if that went wrong, and passes if nothing did', () => {
  const failing = shell(`formatted_files() { say src/a.cpp; }
clang-format-16() { say 'no such file' >&2; return 1; }
check format`);
  assert.deepEqual([failing.lines[1], failing.status], ['no such file', 1]);
  const passing = shell('formatted_files() { say src/a.cpp; }\nclang-format-16() { :; }\ncheck format');
  assert.deepEqual([passing.lines.at(-1), passing.status], ['All in order.', 0]);
  assert.equal(shell('check nothing').status, 1);
});
