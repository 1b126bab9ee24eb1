import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countOfBrowser, ofBrowser, ofCtest, ofNode } from '../../tools/dev/report.mjs';
import { judge } from '../browser/gtest_outcome.mjs';

const entry = (name: string, command: string, output: string, time: string, outcome: string) => `
1/3 Testing: ${name}
1/3 Test: ${name}
Command: ${command}
Directory: somewhere
Output:
----------------------------------------------------------
${output}<end of output>
Test time =   ${time} sec
----------------------------------------------------------
Test ${outcome}
"${name}" end time: now
`;

test('each test of a GoogleTest program counts', () => {
  const output = `[ RUN      ] Lock.Works
[       OK ] Lock.Works (1500 ms)
[ RUN      ] Lock.Fails
a.cpp:1: Failure
[  FAILED  ] Lock.Fails, where TypeParam = int (3 ms)
[ RUN      ] Lock.Skips
[  SKIPPED ] Lock.Skips (0 ms)
[  FAILED  ] Lock.Fails, where TypeParam = int
`;
  assert.deepEqual(ofCtest(entry('unit.Lock', '"unit" "--gtest_filter=Lock.*"', output, '1.60', 'Failed.')), [
    { name: 'unit.Lock.Works', seconds: 1.5, state: 'passed' },
    { name: 'unit.Lock.Fails', seconds: 0.003, state: 'failed' },
    { name: 'unit.Lock.Skips', seconds: 0, state: 'skipped' },
  ]);
});

test('a program that crashes or hangs is a failure that names the test it was in', () => {
  const output = '[ RUN      ] Lock.Works\n[       OK ] Lock.Works (1 ms)\n[ RUN      ] Lock.Hangs\n';
  const log = entry('unit.Lock', '"unit" "--gtest_filter=Lock.*"', output, '300.00', 'Failed.');
  assert.deepEqual(ofCtest(log).at(-1), { name: 'unit.Lock, in Lock.Hangs', seconds: 300, state: 'failed' });
});

test('another program is one test, whatever it prints', () => {
  const log =
    entry('harness.fails', '"found_out.sh"', '[  FAILED  ] Canary.Fails (0 ms)\n', '0.50', 'Passed.') +
    entry('example', '"squares"', '1\n4\n', '0.10', 'Pass Reason:') +
    entry('cli', '"python3"', '', '2.00', 'Failed.');
  assert.deepEqual(ofCtest(log), [
    { name: 'harness.fails', seconds: 0.5, state: 'passed' },
    { name: 'example', seconds: 0.1, state: 'passed' },
    { name: 'cli', seconds: 2, state: 'failed' },
  ]);
});

test('the tests of the page in Node and in browsers', () => {
  assert.deepEqual(ofNode('✔ a lock (12.5ms)\n✖ a queue (1ms)\nℹ tests 2\n✖ failing tests:\n✖ a queue (1ms)\n'), [
    { name: 'a lock', seconds: 0.0125, state: 'passed' },
    { name: 'a queue', seconds: 0.001, state: 'failed' },
  ]);
  assert.deepEqual(ofBrowser('ok     chromium: runs (0.50 s)\nFAILED webkit: stops (2.00 s)\n         why\n1 passed, 1 failed\n'), [
    { name: 'chromium: runs', seconds: 0.5, state: 'passed' },
    { name: 'webkit: stops', seconds: 2, state: 'failed' },
  ]);
});

test('a test of a GoogleTest program that fails in a browser has a name, and its output is kept', () => {
  const lines = [
    '[ RUN      ] Lock.Works',
    'a line',
    '[       OK ] Lock.Works (1 ms)',
    '[ RUN      ] Lock.Fails',
    'a.cpp:1: Failure',
    '[  FAILED  ] Lock.Fails (30 ms)',
    '[  FAILED  ] 1 test, listed below:',
    '[  FAILED  ] Lock.Fails',
  ];
  assert.deepEqual(judge({ lines, status: 1 }), {
    passed: 1,
    failed: 1,
    failures: [{ name: 'Lock.Fails', seconds: 0.03, output: ['a.cpp:1: Failure'] }],
    wrong: ['ended with status 1'],
  });
  const hangs = judge({ lines: lines.slice(0, 4), timeout: true });
  assert.deepEqual([hangs.failed, hangs.wrong], [1, ['did not end in time', 'in Lock.Fails']]);
  assert.deepEqual(judge({ lines: [], status: 0 }).wrong, ['no tests ran']);
});

test('what browsers tested is counted with the GoogleTest programs, of which only the sum has a line', () => {
  const log =
    'ok     chromium: runs (0.50 s)\nFAILED chromium: stress.Lock.Fails (0.03 s)\nFAILED stress in chromium: 8 passed, 1 failed, 9.0 s\n';
  assert.deepEqual(countOfBrowser(`${log}9 passed, 1 failed\n`), [9, 1, 0]);
  assert.deepEqual(countOfBrowser(log), [1, 1, 0]);
  assert.deepEqual(
    ofBrowser(log).map((one) => one.name),
    ['chromium: runs', 'chromium: stress.Lock.Fails'],
  );
});
