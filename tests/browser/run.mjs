#!/usr/bin/env node
// Tests of the built page in browsers.
//   node tests/browser/run.mjs [part…] [--only TEXT]
// Parts: chromium firefox webkit … (see `parts`); without any, all of them. --only runs the tests whose names contain
// the text. A line a test; the last line counts them. Variables: WEFT_PAGE, the folder of the built page (web/dist);
// CHROMIUM, FIREFOX, WEBKIT_DRIVER, WEBKIT_MINIBROWSER, XVFB, the programs.
import { parseArgs } from 'node:util';

if (!process.features.typescript) {
  console.error(`run.mjs: Node ${process.version} is too old, 22.18 is the least; ./dev test browser brings its own`);
  process.exit(2);
}
const { parts } = await import('./parts/index.ts');
const { Report, textOf } = await import('./kit/report.ts');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`run.mjs: there is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals : Object.keys(parts).filter((name) => !parts[name].onlyIfAsked);

const report = new Report();
const isWanted = (name) => values.only === undefined || name.includes(values.only);
for (const name of wanted) {
  const began = performance.now();
  try {
    await parts[name].run({ report, isWanted });
  } catch (error) {
    report.fail(`${name}: the part as a whole`, performance.now() - began, textOf(error));
  }
  console.log(`part ${name}: ${Math.round((performance.now() - began) / 1000)} s`);
}
process.exit(report.close());
