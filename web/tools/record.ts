#!/usr/bin/env node
// Records one run of each demo: what the page shows where there are no threads.
//   node record.ts [DEMO…] [--out DIR] [--core core.mjs]
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTraceFile } from '../src/trace/file.ts';
import { coreAt, demosOf, runDemo } from './demo_runner.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: fileURLToPath(new URL('../dist/runs', import.meta.url)) },
    core: { type: 'string' },
  },
});
const core = coreAt(values.core);
const silent = { onLine: () => {}, onResult: () => {}, onCheck: () => {} };

// A deadlock that the runtime found is what some demos are there to show.
const shown = [0, 3];

await mkdir(values.out, { recursive: true });
for (const demo of positionals.length > 0 ? positionals : await demosOf(core)) {
  const { run, status } = await runDemo(core, demo, {}, silent);
  if (status.reason !== 'exited' || !shown.includes(status.code)) {
    throw new Error(`${demo} ${status.reason} with ${status.code}\n${status.text}`);
  }
  const file = await writeTraceFile(run.trace, run.header());
  const name = path.join(values.out, `${demo}.weft`);
  await writeFile(name, file.stream());
  console.log(`${name}: ${run.trace.length} records, ${file.size} bytes`);
}
