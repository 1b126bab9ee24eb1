// What a record costs the folds of the page, and what it takes to have them all as of any record of a long run.
//   node --expose-gc folds.mjs [node] [chromium]
// Both, unless one is named. Chromium is the one installed, or named by CHROMIUM.
import { fileURLToPath } from 'node:url';
import { build } from '../../web/node_modules/esbuild/lib/main.js';
import { Chromium } from '../browser/browsers/chromium.ts';
import { measure } from './folds_in.ts';

const records = 1_000_000;
const seeks = 300;

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(q * values.length) - 1)];

function report(where, figures) {
  const bySize = Object.entries(figures.folding).sort(([, a], [, b]) => b - a);
  console.log(`${where}: ${figures.records.toLocaleString('en')} records`);
  console.log(
    `  folding, all folds: ${figures.foldingTotal.toFixed(0)} ns a record (${bySize.map(([name, cost]) => `${name} ${cost.toFixed(0)}`).join(', ')})`,
  );
  console.log(`  checkpoints: ${figures.checkpointBytes.toFixed(1)} bytes a record`);
  const [median, p95, most] = [0.5, 0.95, 1].map((q) => quantile(figures.seeks, q).toFixed(2));
  console.log(`  seek, all folds: median ${median} ms, p95 ${p95} ms, longest ${most} ms of ${figures.seeks.length}`);
  for (const { kind, all, longest } of figures.late) {
    console.log(`  asked for late: ${kind} ${all.toFixed(0)} ms, in slices of at most ${longest.toFixed(1)} ms`);
  }
}

async function inChromium() {
  const source = fileURLToPath(new URL('folds_in.ts', import.meta.url));
  const {
    outputFiles: [script],
  } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'weftFolds',
    target: 'es2023',
    logLevel: 'warning',
    minify: true,
    keepNames: true,
  });
  const chromium = await Chromium.start(['--js-flags=--expose-gc', '--enable-precise-memory-info']);
  try {
    const page = await chromium.context.newPage();
    return await page.evaluate(`${script.text}; weftFolds.measure(${records}, ${seeks})`);
  } finally {
    await chromium.close();
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => name !== 'node' && name !== 'chromium');
if (unknown.length > 0) {
  console.error(`folds.mjs: there is no '${unknown.join("', '")}'; there are node, chromium`);
  process.exit(2);
}
if (asked.length === 0 || asked.includes('node')) report(`Node ${process.version}`, await measure(records, seeks));
if (asked.length === 0 || asked.includes('chromium')) report('Chromium', await inChromium());
