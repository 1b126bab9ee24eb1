#!/usr/bin/env node
// Records a run of each demo, warm: what the page shows first, and where there are no threads.
//   node record.ts [DEMO…] [--out DIR] [--core core.mjs]
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTraceFile } from '../src/trace/file.ts';
import { Machine } from '../src/machine/machine.ts';
import { nodeEnvironment } from '../src/machine/node.ts';
import { threadsOf } from '../src/app/runs/expect_run.ts';
import type { Demo } from '../src/app/catalogue.ts';
import { coreAt, demosOf, runOn } from './demo_runner.ts';

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

const machine = new Machine(nodeEnvironment(core));

/** As in a page that has been looked at for a while: there is a process, and a worker for each of the run's threads. */
async function prepare(demo: Demo): Promise<void> {
  const threads = threadsOf(demo, {});
  machine.expectThreads(threads);
  if (demo.topic === 'processes') machine.expectChildren();
  if (!(await machine.prepare())) throw new Error(`no process for ${demo.id} could be prepared`);
  while (machine.warmThreads < Math.max(1, threads)) await setTimeout(5);
}

/** The second of two runs: the first one had its code compiled on the way. */
async function warmRun(demo: Demo) {
  await prepare(demo);
  await runOn(machine, demo.id, {}, silent);
  await prepare(demo);
  return runOn(machine, demo.id, {}, silent);
}

const all = await demosOf(core);
const unknown = positionals.filter((id) => !all.some((demo) => demo.id === id));
if (unknown.length > 0) throw new Error(`there is no demo ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`);

await mkdir(values.out, { recursive: true });
for (const demo of all) {
  if (positionals.length > 0 && !positionals.includes(demo.id)) continue;
  const { run, status } = await warmRun(demo);
  if (status.reason !== 'exited' || !shown.includes(status.code)) {
    throw new Error(`${demo.id} ${status.reason} with ${status.code}\n${status.text}`);
  }
  const file = await writeTraceFile(run.trace, run.header());
  const name = path.join(values.out, `${demo.id}.weft`);
  await writeFile(name, file.stream());
  console.log(`${name}: ${run.trace.length} records, ${file.size} bytes`);
}
machine.close();
