// What the benchmark of processes does in its page: runs of tests/machine/probe.cpp on the machine.
import { browserEnvironment } from '../../web/src/machine/browser.ts';
import { Machine } from '../../web/src/machine/machine.ts';

const machine = new Machine(
  browserEnvironment({ host: 'host.js', pulse: 'pulse.js', core: 'probe.mjs', wasm: 'probe.wasm' }),
);

/** A page has its first process ready long before somebody presses Run. */
const settling = 700;

type Plan = Record<string, string | number>;

/** Returns what the probe printed. */
async function probe(plan: Plan): Promise<string[]> {
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

Object.assign(globalThis, { weftProbe: probe, weftLive: () => machine.live() });
