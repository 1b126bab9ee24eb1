// What the benchmark of processes does in its page: runs of tests/machine/probe.cpp on the machine, and
// of the benchmarks in tests/bench/processes.
import { browserEnvironment } from '../../web/src/machine/browser.ts';
import { Machine } from '../../web/src/machine/machine.ts';
import { runHosted } from './hosted_run.ts';

const environment = (name: string) => browserEnvironment({ host: 'host.js', pulse: 'pulse.js', core: `${name}.mjs`, wasm: `${name}.wasm` });

/** A page has its first process ready long before somebody presses Run. */
const settling = 700;

type Plan = Record<string, string | number>;

/** Returns what the probe printed. The page expects children of the demos that have some. */
async function probe(machine: Machine, plan: Plan, isExpected = false): Promise<string[]> {
  if (isExpected) machine.expectChildren();
  await machine.prepare();
  await new Promise((resolve) => setTimeout(resolve, settling));
  const lines: string[] = [];
  const [demo = '', ...others] = Object.entries(plan).map(([name, value]) => `${name}=${value}`);
  const parameters = Object.fromEntries(others.map((text) => text.split('=') as [string, string]));
  const first = machine.start({ entryPoint: 'probe', demo, parameters });
  first.onPrint = (line) => lines.push(line);
  const { reason, code, text } = await first.ended;
  if (reason !== 'exited' || code !== 0) throw new Error(`${reason} with ${code}: ${text}`);
  return lines;
}

/** Returns what the benchmark printed. */
async function program(name: string): Promise<string[]> {
  const lines: string[] = [];
  const { code, text } = await runHosted(environment(name), 'program', [], (line) => lines.push(line));
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${text}`);
  return lines;
}

/** A machine that has had no runs yet. */
function open() {
  const machine = new Machine(environment('probe'));
  return {
    probe: (plan: Plan, isExpected?: boolean) => probe(machine, plan, isExpected),
    live: () => machine.live(),
    close: () => machine.close(),
  };
}

const usual = open();
Object.assign(globalThis, { weftOpen: open, weftProbe: usual.probe, weftProgram: program, weftLive: usual.live });
