// Processes of a run in a browser, with tests/machine/probe.cpp in all of them. Tells the server that
// served this page what became of each test.
import { browserEnvironment } from '../../web/src/machine/browser.ts';
import { leastWorkers } from '../../web/src/machine/hosts.ts';
import { Machine } from '../../web/src/machine/machine.ts';

const machine = new Machine(browserEnvironment({ host: 'host.js', pulse: 'pulse.js', core: 'probe.mjs', wasm: 'probe.wasm' }), {
  standbyDelay: 1e9,
  standbyTimeout: 1e9,
});

type Plan = Record<string, string | number>;

/** Returns the exit codes, or the reasons why they did not start. */
async function run(plan: Plan): Promise<string[]> {
  const lines: string[] = [];
  const [demo = '', ...others] = Object.entries(plan).map(([name, value]) => `${name}=${value}`);
  const parameters = Object.fromEntries(others.map((text) => text.split('=') as [string, string]));
  const first = machine.start({ entryPoint: 'probe', demo, parameters });
  first.onPrint = (line) => lines.push(line);
  const { reason, code, text } = await first.ended;
  if (reason !== 'exited' || code !== 0) throw new Error(`${reason} with ${code}: ${text}`);
  expectNothingIsLeft();
  if (lines.includes('it counts on')) throw new Error('what was killed goes on');
  return lines
    .map((line) => /^child \d+ \d+ (-?\d+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, exitCode, failure]) => failure!.trim() || exitCode!);
}

/** But the workers that wait for the next process. */
function expectNothingIsLeft(): void {
  const { processes, memories, workers } = machine.live();
  if (processes + memories !== 0 || workers > leastWorkers) throw new Error(`${memories} memories and ${workers} workers are left`);
}

/** A run that is killed when its child has just been started, or runs. */
async function killRun(whenItRuns: boolean, how: string): Promise<void> {
  const first = machine.start({ entryPoint: 'probe', demo: `how=${how}`, parameters: { stay: true } });
  await new Promise<void>((resolve) => {
    first.onChild = () => {
      if (!whenItRuns) resolve();
    };
    first.onPrint = () => resolve();
    void first.ended.then(() => resolve());
  });
  if (first.status) throw new Error(`${first.status.reason}: ${first.status.text}`);
  first.kill();
  await first.ended;
  expectNothingIsLeft();
}

async function expectAll(plan: Plan, exitCode: number): Promise<void> {
  const codes = await run(plan);
  const count = Number(plan['count'] ?? 1);
  const others = codes.filter((code) => code !== String(exitCode));
  if (codes.length !== count || others.length > 0) {
    throw new Error(`${codes.length} ended, of which not with ${exitCode}: ${[...new Set(others)].join(', ')}`);
  }
}

const asked = new URLSearchParams(location.search);
const many = Number(asked.get('many'));
/** What is terminated while it computes, ends. */
const endsSpinners = asked.get('endsSpinners') === 'true';
const rounds = 10;
const runs = many / 10;

const tests: Record<string, () => Promise<void>> = {
  'a process ends in each way': async () => {
    for (const [how, exitCode] of [
      ['returns', 7],
      ['exits', 9],
      ['exits_on_thread', -11],
      ['traps', -6],
      ['throws', -6],
    ] as const) {
      await expectAll({ how }, exitCode);
    }
  },
  'a sleeping process is terminated': () => expectAll({ how: 'sleeps', signal: 15, count: 4 }, -15),
  '16 processes at once': () => expectAll({ how: 'returns', count: 16, at_once: 16 }, 7),
  [`${many} processes one after the other leave nothing`]: async () => {
    for (let round = 0; round < rounds; round += 1) await expectAll({ how: 'returns', count: many / rounds }, 7);
  },
  [`${runs} runs killed with their child leave nothing`]: async () => {
    const how = endsSpinners ? 'spins' : 'sleeps';
    for (let run = 0; run < runs; run += 1) await killRun(run % 2 === 1, how);
  },
  'what is killed changes nothing any more': () => expectAll({ how: 'counts', signal: 9 }, -9),
  'a spinning process is killed': () => expectAll({ how: 'spins', signal: 9, count: 4 }, -9),
};

async function tell(message: object): Promise<void> {
  await fetch('report', { method: 'POST', body: JSON.stringify(message) });
}

for (const [name, test] of Object.entries(tests)) {
  const began = performance.now();
  const failure = await test().then(() => null, String);
  await tell({ name, failure, milliseconds: performance.now() - began });
}
await tell({ isLast: true });
