#!/usr/bin/env node
// The GoogleTest programs in browsers.
//   node gtest.mjs [--build build/wasm] [--browser chromium|firefox|all] [--self-test] [suite…]
// Prints the output of each test that fails, a line a program, and "N passed, N failed". A program
// that crashes, hangs, or has no tests counts as a failure. --self-test runs the canaries instead
// and passes if each of them is found out.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { flags } from './browsers/chromium.ts';
import { judge } from './gtest_outcome.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '../..');
const { createServer } = await import(path.join(project, 'web/tools/serve.mjs'));
const { machineRoutes } = await import(path.join(project, 'tests/machine/bundles.mjs'));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    build: { type: 'string', default: path.join(project, 'build/wasm') },
    browser: { type: 'string', default: 'chromium' },
    'self-test': { type: 'boolean', default: false },
  },
});
const suites = positionals.length > 0 ? positionals : ['unit', 'semantics', 'stress', 'processes'];
const browsers = options.browser === 'all' ? ['chromium', 'firefox'] : [options.browser];

/** Those of which the machine hosts the processes. */
const hosted = ['processes'];

/** The longest that one program may take (ms); a hanging canary is given less. */
const limit = 300_000;
const canaryLimit = 15_000;

/** Each canary, and what must be found out about it. */
const canaries = {
  fails: /ended with status 1/,
  hangs: /did not end/,
  traps: /crashed/,
  crashes: /crashed/,
  empty: /no tests/,
};

// -- Browsers

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

async function openChromium(url) {
  const require = createRequire(path.join(project, 'web/package.json'));
  const { chromium } = require('playwright-core');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: flags,
  });
  const page = await browser.newPage();
  await page.goto(url);
  return () => browser.close();
}

/** Without a driver: under one, workers nested in workers were seen to hang. */
async function openFirefox(url) {
  const profile = await mkdtemp(path.join(tmpdir(), 'weft-firefox-'));
  await writeFile(
    path.join(profile, 'user.js'),
    [
      'user_pref("browser.shell.checkDefaultBrowser", false);',
      'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
      'user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);',
      'user_pref("browser.aboutwelcome.enabled", false);',
      'user_pref("app.update.auto", false);',
      'user_pref("app.normandy.enabled", false);',
      'user_pref("network.captive-portal-service.enabled", false);',
      'user_pref("network.connectivity-service.enabled", false);',
    ].join('\n'),
  );
  // A process group of its own: it ends with all its children.
  const child = spawn('firefox', ['--headless', '--no-remote', '--profile', profile, url], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, HOME: profile },
  });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  return async () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}

const open = { chromium: openChromium, firefox: openFirefox };

// -- The server that programs come from and report to

/** What takes the reports of the run that is under way. */
let receive = () => {};

async function takeReport(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  receive(JSON.parse(body));
  response.end();
}

const routes = { '/report': takeReport, ...(await machineRoutes('/gtest', 'hosted.js', 'gtest_page.ts')) };
const page = createServer({ root: here, base: '/gtest/', routes });
const modules = createServer({ root: path.resolve(options.build), base: '/build/' });
// One origin for both folders.
const server = http.createServer((request, response) => {
  (request.url?.startsWith('/build/') ? modules : page).emit('request', request, response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

// -- Runs

let runs = 0;

/** Runs one program; resolves to its output and how it ended. */
async function run(browser, module, mostTime, file = 'gtest.html') {
  const id = String(++runs);
  const lines = [];
  let close = async () => {};
  let timer;
  try {
    const ended = new Promise((resolve) => {
      timer = setTimeout(() => resolve({ timeout: true }), mostTime);
      // A late report of an earlier run concerns nobody.
      receive = (message) => {
        if (message.run !== id) return;
        if (message.lines) lines.push(...message.lines);
        else resolve(message);
      };
    });
    const query = new URLSearchParams({ run: id, module: `${origin}/build/${module}` });
    close = await open[browser](`${origin}/gtest/${file}?${query}`);
    return { lines, ...(await ended) };
  } catch (error) {
    return { lines, crash: `the browser did not start: ${error.message}` };
  } finally {
    clearTimeout(timer);
    receive = () => {};
    await close();
  }
}

let passed = 0;
let failed = 0;

async function runSuite(browser, suite) {
  const started = Date.now();
  const file = hosted.includes(suite) ? 'hosted.html' : 'gtest.html';
  const outcome = await run(browser, `tests/browser/${suite}.mjs`, limit, file);
  const result = judge(outcome);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  passed += result.passed;
  failed += result.failed;
  // A crash, a hang or an empty program is shown with the last lines of its output.
  for (const test of result.failures) {
    console.log(`FAILED ${browser}: ${suite}.${test.name} (${test.seconds.toFixed(2)} s)\n${indented(test.output)}`);
  }
  if (result.wrong.length > 0 && result.failures.length === 0) console.log(indented(outcome.lines.slice(-kTail)));
  console.log(
    `${result.failed > 0 ? 'FAILED' : 'ok'} ${suite} in ${browser}: ${result.passed} passed, ` +
      `${result.failed} failed, ${seconds} s${result.wrong.map((what) => `, ${what}`).join('')}`,
  );
}

/** How many lines of a program's output are shown if it crashed, hung or had no tests. */
const kTail = 40;
const indented = (lines) => lines.map((line) => `    ${line}`).join('\n');

async function runCanary(browser, [name, expected]) {
  const outcome = await run(browser, `tests/harness/browser/canary_${name}.mjs`, name === 'hangs' ? canaryLimit : limit);
  const { failed: found, wrong } = judge(outcome);
  const good = found > 0 && expected.test(wrong.join());
  console.log(`${good ? 'ok' : 'FAILED'} canary ${name} in ${browser}: ${wrong.join(', ') || 'nothing was found out'}`);
  if (good) passed += 1;
  else failed += 1;
}

for (const browser of browsers) {
  if (options['self-test']) {
    for (const canary of Object.entries(canaries)) await runCanary(browser, canary);
  } else {
    for (const suite of suites) await runSuite(browser, suite);
  }
}
console.log(`${passed} passed, ${failed} failed`);
server.closeAllConnections();
server.close();
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
