// What a part of `./dev test` left, as numbers: count and summary of single tests, from its logs: in
// build/test, and ctest's own.
//   node tools/dev/report.mjs count <part>          passed, failed, skipped
//   node tools/dev/report.mjs summary <part>…       which failed, and the slowest
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const results = 'build/test';
const kSlowest = 20;
const isOfNode = (part) => part === 'web' || part === 'quick-web';

/** The tests in a log of ctest: those of a GoogleTest program singly, any other program as one. */
export function ofCtest(log) {
  const tests = [];
  // Each entry ends with how long it took, and with a line that says what became of it.
  const entry = /^\d+\/\d+ Test: (.+)\nCommand: (.*)\n([^]*?)<end of output>\nTest time = +([\d.]+) sec\n-+\nTest (\S+)/gm;
  for (const [, name, command, output, time, outcome] of log.matchAll(entry)) {
    const single = command.includes('--gtest_filter') ? ofGoogleTest(name, output) : [];
    tests.push(...single);
    const passed = outcome.startsWith('Pass');  // 'Passed.' or 'Pass Reason:'
    const told = passed ? single.length > 0 : single.some((test) => test.state === 'failed');
    if (!told) tests.push({ name: passed ? name : `${name}${unfinished(output)}`, seconds: Number(time), state: passed ? 'passed' : 'failed' });
  }
  return tests;
}

const states = { OK: 'passed', FAILED: 'failed', SKIPPED: 'skipped' };

function ofGoogleTest(program, output) {
  const line = /^\[ +(OK|FAILED|SKIPPED) +\] ([^\s,]+).* \((\d+) ms\)$/gm;
  return [...output.matchAll(line)].map(([, state, name, milliseconds]) => ({
    name: `${program.split('.')[0]}.${name}`,
    seconds: Number(milliseconds) / 1000,
    state: states[state],
  }));
}

/** In which test a program was when it ended or was ended. */
function unfinished(output) {
  const begun = [...output.matchAll(/^\[ RUN +\] (\S+)$/gm)].at(-1)?.[1];
  if (begun === undefined || output.includes(`] ${begun} (`)) return '';
  return `, in ${begun}`;
}

/** The tests in what `node --test` prints. */
export function ofNode(log) {
  // A test with tests below it has a line of its own, which is not counted: they are.
  const line = /^( *)([✔✖﹣]) (.+?) \(([\d.]+)ms\)(.*)$/gm;
  const body = log.split(/^✖ failing tests:$/m)[0];
  return [...body.matchAll(line)].map(([, , sign, name, milliseconds]) => ({
    name,
    seconds: Number(milliseconds) / 1000,
    state: sign === '✔' ? 'passed' : sign === '✖' ? 'failed' : 'skipped',
  }));
}

/** The tests in what tests/browser/run.mjs prints. */
export function ofBrowser(log) {
  return [...log.matchAll(/^(ok {4}|FAILED) (.+) \(([\d.]+) s\)$/gm)].map(([, state, name, time]) => ({
    name,
    seconds: Number(time),
    state: state === 'FAILED' ? 'failed' : 'passed',
  }));
}

/** The first of these files that there is. */
function read(...paths) {
  const path = paths.find((path) => existsSync(path));
  return path === undefined ? '' : readFileSync(path, 'utf8');
}
const logOf = (part) => read(`${results}/${part}.log`);
// ctest renames its log at the end, which does not come if its time is up.
const ctestLogOf = (part) => {
  const path = `build/${part}/Testing/Temporary/LastTest.log`;
  return read(path, `${path}.tmp`);
};

function testsOf(part) {
  if (isOfNode(part)) return ofNode(logOf(part));
  if (part === 'browser') return ofBrowser(logOf(part));
  return ofCtest(ctestLogOf(part));
}

/** How many passed, failed and were skipped, by what `node --test` says at its end. */
function countOfNode(log) {
  const figure = (name) => Number(log.match(new RegExp(`^ℹ ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  return [figure('pass'), figure('fail') + figure('cancelled'), figure('skipped')];
}

/** The same by what tests/browser/run.mjs says at its end: GoogleTest's tests that pass have no line. */
export function countOfBrowser(log) {
  const sums = [...log.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return sums === undefined ? countByState(ofBrowser(log)) : [Number(sums[1]), Number(sums[2]), 0];
}

function countByState(tests) {
  return ['passed', 'failed', 'skipped'].map((state) => tests.filter((test) => test.state === state).length);
}

function countOf(part) {
  if (isOfNode(part)) return countOfNode(logOf(part));
  if (part === 'browser') return countOfBrowser(logOf(part));
  return countByState(testsOf(part));
}

function main([command, ...parts]) {
  if (command === 'count') {
    console.log(...countOf(parts[0]));
  } else if (command === 'summary') {
    const all = parts.flatMap((part) => testsOf(part).map((test) => ({ part, ...test })));
    const failed = all.filter((test) => test.state === 'failed');
    if (failed.length > 0) console.log('failed');
    for (const { part, name } of failed) console.log(`  ${part.padEnd(9)} ${name}`);
    console.log('slowest');
    for (const { part, name, seconds } of all.sort((a, b) => b.seconds - a.seconds).slice(0, kSlowest)) {
      console.log(`  ${part.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
    }
  } else {
    console.error(`report.mjs: count or summary, not '${command ?? ''}'`);
    process.exitCode = 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
