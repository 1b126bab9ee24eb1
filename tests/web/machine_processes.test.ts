import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { leastWorkers } from '../../web/src/machine/hosts.ts';
import { Machine } from '../../web/src/machine/machine.ts';
import type { MachineLimits } from '../../web/src/machine/machine.ts';
import { nodeEnvironment } from '../../web/src/machine/node.ts';
import type { ExitStatus, Process } from '../../web/src/machine/process.ts';
import { SlotState } from '../../web/src/machine/shared.ts';

/** Further processes of a run, with tests/machine/probe.cpp in all of them. */

const probe = new URL('../../build/wasm/tests/probe.mjs', import.meta.url);
assert.ok(existsSync(probe), `${probe.pathname} has to be built first`);
const environment = nodeEnvironment(probe);

const machines: Machine[] = [];
after(() => {
  for (const machine of machines) machine.close();
});

function machineWith(limits: Partial<MachineLimits> = {}): Machine {
  const machine = new Machine(environment, { standbyDelay: 1e6, standbyTimeout: 1e6, ...limits });
  machines.push(machine);
  return machine;
}

interface Child {
  readonly number: number;
  readonly state: number;
  readonly exitCode: number;
  readonly failure: string;
}

interface Outcome {
  readonly status: ExitStatus;
  readonly children: Child[];
  readonly lines: string[];
  /** What the machine itself knows of the children that began. */
  readonly processes: Process[];
}

type Plan = Record<string, string | number | boolean>;

function start(machine: Machine, plan: Plan) {
  const lines: string[] = [];
  const processes: Process[] = [];
  const [demo = '', ...others] = Object.entries(plan).map(([name, value]) => `${name}=${value}`);
  const parameters = Object.fromEntries(others.map((text) => text.split('=') as [string, string]));
  const first = machine.start({ entryPoint: 'probe', demo, parameters });
  first.onPrint = (line) => lines.push(line);
  first.onChild = (child) => processes.push(child);
  return { first, lines, processes };
}

async function run(machine: Machine, plan: Plan): Promise<Outcome> {
  const { first, lines, processes } = start(machine, plan);
  const status = await first.ended;
  const children = lines
    .map((line) => /^child (\d+) (\d+) (-?\d+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, number, state, exitCode, failure]) => ({
      number: Number(number),
      state: Number(state),
      exitCode: Number(exitCode),
      failure: failure!.trim(),
    }));
  return { status, children, lines, processes };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** But the workers that wait for the next process. */
function assertNothingIsLeft(machine: Machine): void {
  const { processes, memories, workers } = machine.live();
  assert.deepEqual([processes, memories], [0, 0]);
  assert.ok(workers <= leastWorkers, `${workers} workers`);
}

const endings: [string, number][] = [
  ['returns', 7],
  ['exits', 9],
  ['exits_on_thread', -11],
  ['traps', -6],
  ['throws', -6],
];
for (const [how, exitCode] of endings) {
  test(`a child that ${how} ends with ${exitCode}`, async () => {
    const machine = machineWith();
    const { status, children, processes } = await run(machine, { how });
    assert.equal(status.code, 0);
    assert.deepEqual(children, [{ number: 2, state: SlotState.ended, exitCode, failure: '' }]);
    const [child] = processes;
    assert.equal(child!.number, 2);
    const { reason } = await child!.ended;
    assert.equal(reason, exitCode === -6 ? 'crashed' : 'exited');
    assertNothingIsLeft(machine);
  });
}

for (const how of ['spins', 'sleeps', 'counts']) {
  for (const signal of [9, 15]) {
    test(`signal ${signal} ends a child that ${how}`, async () => {
      const machine = machineWith();
      const { children, processes, lines } = await run(machine, { how, signal });
      assert.deepEqual(children, [{ number: 2, state: SlotState.ended, exitCode: -signal, failure: '' }]);
      assert.equal((await processes[0]!.ended).reason, 'killed');
      if (how === 'counts') assert.equal(lines.at(-1), 'it counts no more');
      assertNothingIsLeft(machine);
    });
  }
}

test('many at once, each with a number and a memory of its own', async () => {
  const machine = machineWith();
  const { children, processes } = await run(machine, { how: 'returns', count: 8, at_once: 8 });
  assert.deepEqual(
    children.map(({ number }) => number),
    [2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.ok(children.every(({ exitCode }) => exitCode === 7));
  assert.equal(new Set(processes).size, 8);
  assertNothingIsLeft(machine);
});

test('a process that writes all over its memory changes no other one’s', async () => {
  const machine = machineWith();
  const { first, lines, processes } = start(machine, { how: 'sleeps', at_once: 1, stay: true });
  await until(() => lines.includes('running'));
  const digest = async (memory: SharedArrayBuffer) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(memory).slice())).toString('hex');
  const memories = [first.memory!, processes[0]!.memory!];
  const before = await Promise.all(memories.map(digest));
  assert.notEqual(before[0], before[1]);
  const other = await run(machine, { how: 'scribbles' });
  assert.equal(other.children[0]!.exitCode, 40);
  assert.deepEqual(await Promise.all(memories.map(digest)), before);
  first.kill();
});

test('what the machine does not allow is told to who asked for it', async () => {
  const machine = machineWith({ processes: 4 });
  const { status, children } = await run(machine, { how: 'spins', count: 5, at_once: 5, signal: 9 });
  assert.equal(status.code, 0);
  const failed = children.filter(({ state }) => state === SlotState.failed);
  assert.equal(failed.length, 2);
  for (const { failure } of failed) {
    assert.equal(failure, '4 processes are alive, no more are allowed');
  }
  assertNothingIsLeft(machine);
});

test('workers are limited as well', async () => {
  const machine = machineWith({ workers: 12 });
  const { children } = await run(machine, { how: 'spins', count: 5, at_once: 5, signal: 9 });
  const failures = children.map(({ failure }) => failure).filter((text) => text !== '');
  assert.ok(failures.length >= 1);
  assert.match(failures[0]!, /^\d+ workers are alive, no more are allowed$/);
});

test('the first that is nobody’s yet makes room for a child', async () => {
  const machine = machineWith({ processes: 2, standbyTimeout: 1 });
  const { first, lines } = start(machine, { how: 'sleeps', stay: true });
  await until(() => lines.includes('running'));
  assert.equal(machine.live().processes, 2);
  first.kill();
  assertNothingIsLeft(machine);
});

test('after its first child a run has others ready, and no more than are allowed', async () => {
  const machine = machineWith({ childStandbys: 2 });
  const { first, lines } = start(machine, { how: 'sleeps', stay: true });
  await until(() => lines.includes('running') && machine.live().processes === 4);
  const full = machineWith({ childStandbys: 2, processes: 3 });
  const other = start(full, { how: 'sleeps', stay: true });
  await until(() => other.lines.includes('running') && full.live().processes === 3);
  first.kill();
  other.first.kill();
  assertNothingIsLeft(machine);
  assertNothingIsLeft(full);
});

test('the end of the first process ends all', async (t) => {
  const cases: [string, (first: Process) => void][] = [
    ['killed', (first) => first.kill()],
    ['stopped', (first) => first.stop()],
    ['crashed', (first) => first.crash('on purpose')],
  ];
  for (const [name, end] of cases) {
    await t.test(name, async () => {
      const machine = machineWith();
      const { first, lines, processes } = start(machine, { how: 'spins', at_once: 2, stay: true });
      await until(() => lines.includes('running'));
      const order: string[] = [];
      for (const child of processes) child.onEnding = () => order.push(`child ${child.memory?.byteLength}`);
      first.onEnding = () => order.push('first');
      end(first);
      await first.ended;
      const child = `child ${64 * 2 ** 20}`;
      assert.deepEqual(order, [child, child, 'first']);
      for (const { status } of processes) assert.equal(status!.reason, 'killed');
      assertNothingIsLeft(machine);
    });
  }
});

test('somebody on the page ends a process by its number', async () => {
  const machine = machineWith();
  const { first, lines } = start(machine, { how: 'sleeps', stay: true });
  await until(() => lines.includes('running'));
  const { words } = first.shared!;
  const events = words[3]!;
  first.signal(99, 9);
  assert.equal(words[3], events, 'there is no such process');
  first.signal(2, 15);
  // The supervisor is notified; the probe has none.
  assert.equal(words[3], events + 1);
  const firstSlot = (64 + 256) / 4;
  assert.equal(words[firstSlot + 24 / 4], 15);
  first.kill();
});

test('one after the other, and nothing is left', async () => {
  const machine = machineWith();
  const { children } = await run(machine, { how: 'returns', count: 60 });
  assert.equal(children.length, 60);
  assert.equal(children.at(-1)!.number, 61);
  assert.ok(children.every(({ exitCode }) => exitCode === 7));
  assertNothingIsLeft(machine);
});

test('many runs with children, and nothing is left', async () => {
  const machine = machineWith({ childStandbys: 1 });
  for (let i = 0; i < 40; i += 1) {
    const { first, processes } = start(machine, { how: i % 2 ? 'spins' : 'returns', at_once: 2, count: 2, stay: true });
    // At any moment of the children's starts.
    await until(() => processes.length >= i % 3);
    first.kill();
    await first.ended;
    assertNothingIsLeft(machine);
  }
});
