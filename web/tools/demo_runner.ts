import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Catalogue, Demo } from '../src/app/catalogue.ts';
import { Machine } from '../src/machine/machine.ts';
import { nodeEnvironment } from '../src/machine/node.ts';
import type { ExitStatus } from '../src/machine/process.ts';
import { Run } from '../src/machine/run.ts';
import { Kind } from '../src/trace/kinds.ts';

/** Where the build puts the core, seen from here. */
const builtCore = new URL('../../build/wasm/core.mjs', import.meta.url);

export function coreAt(path: string | undefined): URL {
  return path === undefined ? builtCore : pathToFileURL(path);
}

/** The demos that the page lists. */
export async function demosOf(core: URL): Promise<Demo[]> {
  const { demos } = JSON.parse(await readFile(new URL('catalogue.json', core), 'utf8')) as Catalogue;
  return demos.filter(({ hidden }) => !hidden);
}

/** What a run told of itself, besides what happened. */
export interface Report {
  onLine(text: string, isError: boolean): void;
  onResult(text: string): void;
  onCheck(name: string, holds: boolean): void;
}

const reportPeriod = 20;

interface Ended {
  run: Run;
  status: ExitStatus;
}

/** Runs one demo to its end and reports as it goes. */
export async function runDemo(core: URL, demo: string, parameters: Record<string, string>, report: Report): Promise<Ended> {
  const machine = new Machine(nodeEnvironment(core));
  try {
    return await runOn(machine, demo, parameters, report);
  } finally {
    machine.close();
  }
}

/** The same on a machine that is there already. */
export async function runOn(machine: Machine, demo: string, parameters: Record<string, string>, report: Report): Promise<Ended> {
  const run = new Run(machine, { demo, parameters });
  let reported = 0;
  const tell = () => {
    for (; reported < run.trace.length; reported += 1) reportRecord(run, reported, report);
  };
  const timer = setInterval(tell, reportPeriod);
  const stop = () => run.stop();
  process.on('SIGINT', stop);
  try {
    const status = await run.ended;
    tell();
    return { run, status };
  } finally {
    process.off('SIGINT', stop);
    clearInterval(timer);
  }
}

function reportRecord({ trace }: Run, index: number, report: Report): void {
  switch (trace.kind(index)) {
    case Kind.console:
      report.onLine(trace.text(index), trace.detail(index) === 1);
      break;
    case Kind.error:
      report.onLine(trace.text(index), true);
      break;
    case Kind.result:
      report.onResult(trace.text(index));
      break;
    case Kind.check:
      report.onCheck(trace.text(index), trace.detail(index) === 1);
      break;
  }
}
