import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `./dev test` with these arguments prints, where each part passes one test, and Emscripten is needed by name. */
function devTest(...parts: string[]) {
  const stubs = `set -euo pipefail
jobs=2
say() { printf '%s\\n' "$@"; }
die() { say "died: $*"; exit 1; }
need() { :; }
mkdir() { :; }
node() { say "$*"; }
provide_node() { :; }
provide_emscripten() { say 'Emscripten is provided'; }
build_needs= sanitizer_needs= format_needs= browser_needs=
source tools/dev/test.sh
run_part() { total_passed=$((total_passed + 1)); }
run_tests "$@"
`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', stubs, 'dev', ...parts], { cwd: root, encoding: 'utf8' });
  assert.equal(stderr, '');
  return { text: stdout, parts: [...stdout.matchAll(/^=== (.*)$/gm)].map(([, part]) => part), status };
}

test('./dev test quick needs no Emscripten, and says what it leaves out and how to run that', () => {
  const { text, parts, status } = devTest('quick');
  assert.deepEqual([parts, status], [['quick', 'quick-web'], 0]);
  assert.ok(!text.includes('Emscripten is provided'));
  assert.match(text, /report\.mjs summary quick quick-web/);
  const left = text.slice(text.indexOf('Left out'));
  for (const part of devTest().parts) assert.match(left, new RegExp(`\\b${part}\\b`));
  assert.match(left, /\.\/dev test\b/);
  assert.match(text, /2 passed, 0 failed\n$/);
});

test('./dev test runs all parts but the quick ones, or those that are named', () => {
  const all = devTest();
  assert.deepEqual(all.parts, ['native', 'tsan', 'asan', 'wasm', 'web', 'browser']);
  assert.ok(!all.text.includes('Left out'));
  assert.deepEqual(devTest('web', 'asan').parts, ['web', 'asan']);
  assert.match(devTest('nothing').text, /^died: there is no part 'nothing'/);
});

test('what ./dev test quick builds has a preset to configure, to build and to test', () => {
  const presets = JSON.parse(readFileSync(`${root}/CMakePresets.json`, 'utf8'));
  for (const kind of ['configurePresets', 'buildPresets', 'testPresets']) {
    assert.ok(
      presets[kind].some(({ name }: { name: string }) => name === 'quick'),
      kind,
    );
  }
});
