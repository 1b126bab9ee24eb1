import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ofBrowser, ofCtest, ofNode } from '../../tools/dev/report.mjs';

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
