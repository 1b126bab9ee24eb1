// node page.mjs [figure…]: measures the built page as its users meet it, in Chromium; many also in Firefox, processes in
// Firefox and in WebKit.
// Figures: size core processes kills channels start stop many records. The browsers are those installed, or named by CHROMIUM,
// FIREFOX, WEBKIT_MINIBROWSER and WEBKIT_DRIVER.
import { createServer } from '../../web/tools/serve.mjs';
import { fileURLToPath } from 'node:url';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { machineRoutes } from '../machine/bundles.mjs';
import { flags, launchChromium } from '../browser/browsers/chromium.ts';
import { openFirefox } from '../browser/browsers/firefox.ts';
import { openWebKit } from '../browser/browsers/webkit.ts';
import { chromium } from '../../web/node_modules/playwright-core/index.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = path.join(root, 'web/dist');
const hosted = path.join(root, 'build/wasm/tests/bench/processes');
const hostedBenchmarks = existsSync(hosted)
  ? readdirSync(hosted)
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => path.basename(name, '.mjs'))
  : [];

const report = (name, value) => console.log(`${name}: ${value}`);
const milliseconds = (value) => `${value.toFixed(1)} ms`;

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}
const median = (values) => quantile(values, 0.5);

/** What a visit with a run loads. Demos' own texts, code and recorded runs are no part of the page. */
async function size(browser, address) {
  const page = await browser.newPage();
  const loaded = new Set();
  page.on('response', (response) => loaded.add(new URL(response.url()).pathname.slice(1) || 'index.html'));
  await page.addInitScript(pageTools);
  await page.goto(`${address}#v1/producer-consumer?items=10`);
  await page.waitForFunction(() => document.documentElement.dataset.mode === 'live');
  await page.evaluate(() => weftBench.run().then(weftBench.idle));
  await page.close();
  const gz = (name) => gzipSync(readFileSync(path.join(dist, name)), { level: 9 }).length;
  const sum = (test) => `${([...loaded].filter(test).reduce((total, name) => total + gz(name), 0) / 1000).toFixed(1)} kB`;
  report(
    'page without wasm, gzip',
    sum((name) => /^[^/]+\.(html|js|css|svg)$/.test(name)),
  );
  report(
    'wasm + glue, gzip',
    sum((name) => name.startsWith('wasm/')),
  );
}

/** What the page's script is to do: everything here runs in the page and sees only what is on screen. */
function pageTools() {
  const frame = () => new Promise(requestAnimationFrame);
  const root = () => document.documentElement.dataset; // there is no element yet
  const lines = () => document.querySelectorAll('#console [data-line]').length;
  const click = (id) => document.getElementById(id).click();
  const until = async (condition) => {
    for (const end = performance.now() + 60_000; !condition(); await frame()) {
      if (performance.now() > end) throw new Error(`waited for ${condition} in state ${root().state}`);
    }
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  globalThis.weftBench = {
    frame,
    until,
    pause,
    /** From the click on Run to the first line on the console. */
    async run() {
      const start = performance.now();
      click('run');
      // Before it runs, the console still shows the run before.
      await until(() => root().state === 'running' && lines() > 0);
      return performance.now() - start;
    },
    idle: () => until(() => root().state === 'idle'),
    /** From the click on Stop to a page that can run again. */
    async stop() {
      const start = performance.now();
      click('stop');
      await until(() => root().state === 'idle');
      return performance.now() - start;
    },
    result: (name) => Number(document.querySelector(`[data-result="${name}"]`)?.dataset.value),
    loss: () => document.querySelectorAll('.loss').length,
    live: () => ({ memories: Number(root().memories), workers: Number(root().workers) }),
  };
}

async function open(browser, address, hash) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error}`));
  await page.addInitScript(pageTools);
  await page.goto(`${address}#v1/${hash}`);
  await page.waitForFunction(() => document.documentElement.dataset.mode === 'live');
  return page;
}

async function core(browser, address) {
  const page = await browser.newPage();
  await page.goto(`${address}__bench/blank.html`);
  for (const name of ['trace', 'threads']) {
    const output = await page.evaluate(
      (name) =>
        new Promise((done, fail) => {
          const worker = new Worker(`/__bench/host.js`, { type: 'module', name: `bench-${name}` });
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = (event) => fail(new Error(event.message));
          worker.postMessage(`/__bench/core/${name}.mjs`);
        }),
      name,
    );
    console.log(output);
  }
  await page.close();
}

/** The machine alone, with the probe in its processes: returns what asks it for runs. */
async function openProbe(browser, address) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error}`));
  await page.goto(`${address}__bench/processes/blank.html`);
  await page.addScriptTag({ type: 'module', url: 'processes.js' });
  await page.waitForFunction(() => 'weftProbe' in globalThis);
  const probe = async (plan) => {
    const lines = await page.evaluate((plan) => weftProbe(plan), plan);
    return lines
      .map((line) => /^ms [\d.]+ ([\d.]+)$/.exec(line))
      .filter(Boolean)
      .map((match) => Number(match[1]));
  };
  return { page, probe };
}

/** Children of a run: from the start of each to the end of its join. */
async function processesInPage() {
  const startsOf = async (machine, plan, isExpected) =>
    (await machine.probe(plan, isExpected))
      .map((line) => /^ms ([\d.]+)/.exec(line))
      .filter(Boolean)
      .map((match) => Number(match[1]));
  const times = { expected: [], unexpected: [], later: [] };
  for (let i = 0; i < 6; ++i) {
    for (const kind of ['expected', 'unexpected']) {
      const machine = weftOpen();
      times[kind].push(...(await startsOf(machine, { how: 'returns' }, kind === 'expected')));
      if (kind === 'unexpected') times.later.push(...(await startsOf(machine, { how: 'returns' })));
      machine.close();
    }
  }
  const machine = weftOpen();
  times.warm = (await startsOf(machine, { how: 'returns', count: 30, pause: 250 })).slice(1);
  times.row = (await startsOf(machine, { how: 'returns', count: 100 })).slice(1);
  times.atOnce = await startsOf(machine, { how: 'returns', count: 16, at_once: 16 });
  machine.close();
  return times;
}

/** In browsers that have nobody to tell of each worker, as their users have them. */
async function processes(_browser, address) {
  const names = {
    expected: 'the first of a demo that has some',
    unexpected: 'the first that nobody expected',
    later: 'the first of a later run',
    warm: 'warm standby',
    row: 'one after the other',
    atOnce: '16 at once',
  };
  for (const [engine, open] of Object.entries(undriven)) {
    const times = await measuredIn(engine, open, `${address}__bench/processes/measure.html`);
    for (const [kind, name] of Object.entries(names)) {
      report(
        `process start → join, ${name}, ${engine}`,
        `median ${milliseconds(median(times[kind]))}, p95 ${milliseconds(quantile(times[kind], 0.95))}`,
      );
    }
  }
}

/** What tests/bench/processes says of itself. */
async function channels(browser, address) {
  const { page } = await openProbe(browser, address);
  for (const name of hostedBenchmarks) {
    report(name, 'in processes of the machine');
    console.log((await page.evaluate((name) => weftProgram(name), name)).join('\n'));
  }
  await page.close();
}

/** From the signal to a child to the end of its join. */
async function kills(browser, address) {
  const { page, probe } = await openProbe(browser, address);
  for (const how of ['spins', 'sleeps']) {
    const times = await probe({ how, signal: 9, count: 20, pause: 2500 });
    report(`kill → join, a process that ${how}`, `median ${milliseconds(median(times))}, p95 ${milliseconds(quantile(times, 0.95))}`);
  }
  const { processes, memories, workers } = await page.evaluate(() => weftLive());
  report('alive afterwards, the next standby included', `${processes} processes, ${memories} memories, ${workers} workers`);
  await page.close();
}

async function start(browser, address) {
  const first = [];
  const warm = [];
  for (let i = 0; i < 5; ++i) {
    const page = await open(browser, address, 'producer-consumer?items=10');
    first.push(await page.evaluate(() => weftBench.run()));
    await page.evaluate(() => weftBench.idle());
    for (let j = 0; j < 4; ++j) {
      await page.evaluate(() => weftBench.pause(700));
      warm.push(
        await page.evaluate(async () => {
          const time = await weftBench.run();
          await weftBench.idle();
          return time;
        }),
      );
    }
    await page.close();
  }
  report('Run → first console line, first after load', `median ${milliseconds(median(first))}, worst ${milliseconds(Math.max(...first))}`);
  report('Run → first console line, warm', `median ${milliseconds(median(warm))}, worst ${milliseconds(Math.max(...warm))}`);
}

async function stop(browser, address) {
  for (const what of ['points', 'wait', 'bare']) {
    const page = await open(browser, address, `endless-loop?what=${what}`);
    const times = [];
    for (let i = 0; i < 20; ++i) {
      times.push(
        await page.evaluate(async () => {
          await weftBench.run();
          await weftBench.pause(200);
          return weftBench.stop();
        }),
      );
      // A spinning worker goes on for two seconds in Chromium; the next round is not to suffer from it.
      await page.waitForTimeout(what === 'bare' ? 2500 : 200);
    }
    report(`Stop → ready, ${what}`, `median ${milliseconds(median(times))}, p95 ${milliseconds(quantile(times, 0.95))}`);
    await page.close();
  }
}

/** Runs and stops in one tab, again and again. */
async function manyInPage() {
  await weftBench.run();
  await weftBench.stop();
  await weftBench.pause(1000);
  const before = weftBench.live();
  const begin = performance.now();
  for (let i = 0; i < 300; ++i) {
    await weftBench.run();
    await weftBench.stop();
  }
  const seconds = (performance.now() - begin) / 1000;
  await weftBench.pause(1000);
  return { before, after: weftBench.live(), seconds };
}

function reportMany(browser, { before, after, seconds }) {
  const text = ({ memories, workers }) => `${memories} memories, ${workers} workers`;
  report(`300 × run and stop, ${browser}`, `${seconds.toFixed(1)} s; before: ${text(before)}; after: ${text(after)}`);
}

async function many(browser, address) {
  const page = await open(browser, address, 'endless-loop?what=wait');
  reportMany('Chromium', await page.evaluate(manyInPage));
  await page.close();

  reportMany('Firefox', await measuredIn('Firefox', undriven.Firefox, `${address}__bench/many/#v1/endless-loop?what=wait`));
}

async function records(browser, address) {
  for (const rate of [100_000, 200_000, 400_000]) {
    const page = await open(browser, address, `flood?records=${rate}&seconds=5`);
    const { frames, seconds, elapsed, loss } = await page.evaluate(async () => {
      await weftBench.run();
      const begin = performance.now();
      let frames = 0;
      while (document.documentElement.dataset.state !== 'idle') {
        await weftBench.frame();
        ++frames;
      }
      const seconds = (performance.now() - begin) / 1000;
      await weftBench.pause(300); // the results are drawn less often than the timeline
      return { frames, seconds, elapsed: weftBench.result('elapsed_ms'), loss: weftBench.loss() };
    });
    report(
      `${rate} records a second`,
      `${(frames / seconds).toFixed(1)} frames/s, the run took ${(elapsed / 1000).toFixed(2)} s of 5, ${loss ? 'LOSS' : 'no loss'}`,
    );
    await page.close();
  }
}

const figures = { size, core, processes, kills, channels, start, stop, many, records };
const asked = process.argv.slice(2);
for (const name of asked) {
  if (!(name in figures)) {
    console.error(`page.mjs: no figure '${name}'; there are ${Object.keys(figures).join(', ')}`);
    process.exit(2);
  }
}

/** Opens an address in a browser of which nobody asks anything; Firefox's workers that start workers hang under a driver. */
const undriven = {
  async Chromium(address) {
    const { group, close } = await launchChromium([], address);
    return { gone: group.ended, close };
  },
  Firefox: openFirefox,
  WebKit: openWebKit,
};

let takeResult;

/** What the page at that address sends when it has measured. */
async function measuredIn(engine, open, address) {
  const result = new Promise((resolve) => {
    takeResult = resolve;
  });
  const browser = await open(address);
  try {
    return await Promise.race([
      result,
      browser.gone.then((how) => {
        throw new Error(`${engine} ${how}`);
      }),
    ]);
  } finally {
    await browser.close();
  }
}

/** A script that sends what that function returns, called once the condition holds. */
const sending = (measure, condition = 'true') =>
  javascript(`${measure}
    while (!(${condition})) await new Promise((done) => setTimeout(done, 20));
    await fetch('/__bench/report', {method: 'POST', body: JSON.stringify(await ${measure.name}())});`);

/** The page with a script that does the measurement by itself. */
function pageOf(script) {
  return (_, response) => {
    const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
      .replace('<head>', '<head><base href="/"><script src="/__bench/tools.js"></script>')
      .replace('</body>', `<script type="module" src="${script}"></script></body>`);
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
  };
}

const javascript = (text) => (_, response) => response.setHeader('Content-Type', 'text/javascript').end(text);

async function receive(request, response) {
  let text = '';
  for await (const part of request) text += part;
  response.end();
  takeResult(JSON.parse(text));
}

const bench = path.join(root, 'tests/bench');
const send = (file, type) => (request, response) => {
  response.setHeader('Content-Type', type);
  response.end(readFileSync(typeof file === 'function' ? file(request.url) : file));
};
const built = (url) => path.join(root, 'build/wasm/tests/bench', path.basename(url));
const routes = {
  '/__bench/blank.html': (_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bench</title>'),
  '/__bench/tools.js': javascript(`(${pageTools})();`),
  '/__bench/many.js': sending(manyInPage, `document.documentElement.dataset.mode === 'live'`),
  '/__bench/many/': pageOf('/__bench/many.js'),
  '/__bench/report': receive,
  '/__bench/host.js': send(path.join(bench, 'host.js'), 'text/javascript'),
};
for (const name of ['trace', 'threads']) {
  routes[`/__bench/core/${name}.mjs`] = send(built, 'text/javascript');
  routes[`/__bench/core/${name}.wasm`] = send(built, 'application/wasm');
}

Object.assign(routes, await machineRoutes('/__bench/processes', 'processes.js', 'bench_page.ts'), {
  '/__bench/processes/blank.html': routes['/__bench/blank.html'],
  '/__bench/processes/measure.html': (_, response) =>
    response
      .setHeader('Content-Type', 'text/html')
      .end(
        '<!doctype html><title>bench</title><script type="module" src="processes.js"></script><script type="module" src="measure.js"></script>',
      ),
  '/__bench/processes/measure.js': sending(processesInPage),
});
for (const program of ['probe', ...hostedBenchmarks.map((name) => `bench/processes/${name}`)]) {
  for (const [ending, type] of [
    ['mjs', 'text/javascript'],
    ['wasm', 'application/wasm'],
  ]) {
    const file = path.join(root, `build/wasm/tests/${program}.${ending}`);
    routes[`/__bench/processes/${path.basename(file)}`] = send(file, type);
  }
}

const server = createServer({ root: dist, routes });
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://localhost:${server.address().port}/`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
try {
  for (const [name, measure] of Object.entries(figures)) {
    if (asked.length === 0 || asked.includes(name)) await measure(browser, address);
  }
} finally {
  await browser.close();
  server.close();
}
