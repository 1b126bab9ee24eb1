import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StartError } from '../../web/src/machine/failure.ts';
import { Machine } from '../../web/src/machine/machine.ts';
import type { MachineLimits } from '../../web/src/machine/machine.ts';
import { SlotState } from '../../web/src/machine/shared.ts';
import { Tree } from '../../web/src/machine/tree.ts';
import { FakeEnvironment } from './support/fake_environment.ts';
import type { FakeHost } from './support/fake_environment.ts';

/** How the machine keeps the process table, with cores that do what the test says. */

const quick: Partial<MachineLimits> = {
  grace: 20,
  spareHosts: 0,
  standbyDelay: 1e6,
  standbyTimeout: 1e6,
  childStandbys: 0,
  accessGrace: 30,
  dyingTime: 60,
  memoryRetries: [],
};

const machines: Machine[] = [];
after(() => {
  for (const machine of machines) machine.close();
});

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(1);
}

/** Words of the shared memory: the table's header, and slot 1. */
const word = { events: 3, dying: 8, slot: (64 + 256) / 4 };
const field = { state: 0, number: 1, exitCode: 3, killed: 4, inside: 5, processId: 7, failure: 8 };

async function running(limits: Partial<MachineLimits> = {}) {
  const environment = new FakeEnvironment();
  const machine = new Machine(environment, { ...quick, ...limits });
  machines.push(machine);
  const first = machine.start({ demo: 'd', parameters: {} });
  await settle();
  const host = environment.hosts[0]!;
  host.becomeReady();
  const shared = new Int32Array(host.shared);
  const slot = (name: keyof typeof field) => shared[word.slot + field[name]]!;
  const setSlot = (name: keyof typeof field, value: number) => (shared[word.slot + field[name]] = value);
  /** As a supervisor does it; returns the worker that the machine made for the process. */
  const spawn = async (number = 2): Promise<FakeHost> => {
    setSlot('number', number);
    setSlot('state', SlotState.starting);
    host.onMessage({ type: 'spawn', slot: 1 });
    await settle();
    return environment.hosts.at(-1)!;
  };
  const signal = (signal: 9 | 15) => host.onMessage({ type: 'signal', slot: 1, signal });
  return { environment, machine, first, host, shared, slot, setSlot, spawn, signal };
}

test('stop: the first process gets time for the end of its children', async () => {
  const { first, host, spawn } = await running({ graceOfTree: 200 });
  const child = await spawn();
  child.becomeReady();
  await settle();
  first.stop();
  assert.equal(child.word('stop'), 1);
  await until(() => child.isTerminated);
  assert.equal(first.state, 'stopping', 'when a child that does not obey was killed');
  host.onMessage({ type: 'exit', status: 130 });
  assert.deepEqual(await first.ended, { reason: 'exited', code: 130, text: '' });
});

test('stop: that time ends, too, and a run that may be about to start its first child gets it', async () => {
  for (const isExpected of [false, true]) {
    const { first, machine, spawn } = await running({ graceOfTree: 60 });
    if (isExpected) {
      const { overseer } = first;
      assert.ok(overseer instanceof Tree);
      overseer.expectChildren();
      await settle();
    } else {
      await spawn();
    }
    const stopped = performance.now();
    first.stop();
    assert.equal((await first.ended).reason, 'killed');
    assert.ok(performance.now() - stopped > 55);
    machine.close();
  }
});

test('the shared memory begins with its table', async () => {
  const { host, first } = await running();
  const view = new DataView(host.shared);
  assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [0x48534657, 1]);
  assert.equal(view.getUint32(8, true), 32 * 2 ** 20);
  assert.equal(view.getFloat64(24, true), first.origin);
  assert.ok(first.origin > 0);
});

test('a child gets the run’s memory, its slot, its number and the run’s clock', async () => {
  const { first, host, shared, slot, spawn } = await running();
  const events = shared[word.events]!;
  const child = await spawn(5);
  assert.equal(child.shared, host.shared);
  assert.notEqual(child.memory, host.memory);
  assert.equal(slot('state'), SlotState.accepted, 'it has a memory and a worker');
  assert.equal(slot('processId'), 5);
  const seen: unknown[] = [];
  first.onChild = ({ number, memory, control }) => {
    seen.push([number, memory === child.memory, control !== null, child.word('go'), slot('state')]);
  };
  child.becomeReady();
  await settle();
  assert.deepEqual(seen, [[5, true, true, 0, SlotState.accepted]]);
  assert.equal(child.word('go'), 1);
  assert.equal(child.mail, 'child\n\n');
  assert.equal(child.origin, first.origin);
  assert.equal(child.word('slot'), 1);
  assert.equal(slot('state'), SlotState.accepted);
  assert.ok(shared[word.events]! > events);
});

test('one that cannot be started is told with its reason', async () => {
  const { environment, slot, spawn, host } = await running();
  environment.createHost = () => {
    throw new StartError('worker', 'no more workers');
  };
  await spawn();
  assert.equal(slot('state'), SlotState.failed);
  const text = new Uint8Array(host.shared, word.slot * 4 + 128, slot('failure')).slice();
  assert.match(new TextDecoder().decode(text), /no more workers/);
});

test('a long reason is cut between characters', async () => {
  const { environment, slot, spawn, host } = await running();
  environment.createHost = () => {
    throw new Error('é'.repeat(200));
  };
  await spawn();
  const text = new Uint8Array(host.shared, word.slot * 4 + 128, slot('failure')).slice();
  assert.match(new TextDecoder('utf-8', { fatal: true }).decode(text), /^Error: é+$/);
});

test('a crash is written into the table', async () => {
  const { slot, spawn, shared } = await running();
  const child = await spawn();
  child.becomeReady();
  await settle();
  child.onMessage({ type: 'crash', text: 'unreachable' });
  await settle();
  assert.deepEqual([slot('state'), slot('exitCode'), slot('killed')], [SlotState.ended, -6, 1]);
  assert.ok(child.isTerminated);
  assert.equal(shared[word.dying], 1);
  await until(() => shared[word.dying] === 0);
});

test('killed: first the word, then the worker, then the table', async () => {
  const { slot, setSlot, spawn, signal } = await running();
  const child = await spawn();
  child.becomeReady();
  await settle();
  setSlot('state', SlotState.running);
  setSlot('inside', 1);
  signal(9);
  assert.equal(slot('killed'), 1);
  await settle();
  assert.ok(!child.isTerminated, 'a thread is changing something');
  setSlot('inside', 0);
  await until(() => child.isTerminated);
  await settle();
  assert.deepEqual([slot('state'), slot('exitCode')], [SlotState.ended, -9]);
  signal(15);
  assert.equal(slot('exitCode'), -9);
});

test('a thread that died while it changed something is waited for only so long', async () => {
  const { slot, setSlot, spawn, signal } = await running();
  const child = await spawn();
  child.becomeReady();
  await settle();
  setSlot('inside', 1);
  signal(15);
  await until(() => child.isTerminated);
  await settle();
  assert.equal(slot('state'), SlotState.accepted, 'it may be changing it still');
  await until(() => slot('state') === SlotState.ended);
  assert.deepEqual([slot('inside'), slot('exitCode')], [0, -15]);
});

test('one killed before it began never begins', async () => {
  const { slot, spawn, signal } = await running();
  const child = await spawn();
  signal(9);
  child.becomeReady();
  await settle();
  assert.equal(child.word('go'), 0);
  assert.deepEqual([slot('state'), slot('exitCode')], [SlotState.ended, -9]);
});

test('one that does not come up has ended as one that crashed', async () => {
  const { slot, spawn } = await running();
  const child = await spawn();
  child.onError('out of the blue');
  await settle();
  assert.deepEqual([slot('state'), slot('exitCode')], [SlotState.ended, -6]);
});

test('one that is ending by itself is left to it', async () => {
  const { slot, setSlot, spawn, signal } = await running();
  const child = await spawn();
  child.becomeReady();
  await settle();
  setSlot('killed', 1); // its own doing
  setSlot('state', SlotState.running);
  signal(9);
  await settle();
  assert.ok(!child.isTerminated);
  setSlot('exitCode', 3);
  setSlot('state', SlotState.ended);
  await until(() => child.isTerminated);
  assert.equal(slot('exitCode'), 3);
});

test('a slot that is another’s by now is not touched', async () => {
  const { slot, setSlot, spawn } = await running();
  const child = await spawn(2);
  child.becomeReady();
  await settle();
  // It ended, was cleaned up behind, and the slot was given to the next before its last message came.
  setSlot('number', 3);
  setSlot('state', SlotState.running);
  child.onMessage({ type: 'exit', status: 7 });
  await settle();
  assert.deepEqual([slot('state'), slot('exitCode'), slot('killed')], [SlotState.running, 0, 0]);
});

test('a slot that is free by now is not touched', async () => {
  const { slot, setSlot, spawn } = await running();
  const child = await spawn(2);
  child.becomeReady();
  await settle();
  // It ended, was cleaned up behind, and its parent knows it, before its last message came.
  setSlot('killed', 1);
  setSlot('exitCode', 7);
  setSlot('state', SlotState.free);
  child.onMessage({ type: 'exit', status: 7 });
  await settle();
  assert.deepEqual([slot('state'), slot('exitCode')], [SlotState.free, 7]);
});

test('standbys are booted one at a time, and are taken first', async () => {
  const { environment, machine, spawn, setSlot } = await running({ childStandbys: 2 });
  const child = await spawn(2);
  assert.equal(environment.hosts.length, 2, 'not before the first child is up');
  child.becomeReady();
  await settle();
  assert.equal(environment.hosts.length, 3);
  environment.hosts[2]!.becomeReady();
  await settle();
  assert.equal(environment.hosts.length, 4);
  environment.hosts[3]!.becomeReady();
  await settle();
  assert.equal(environment.hosts.length, 4);
  assert.equal(machine.live().processes, 4);
  setSlot('state', SlotState.running);
  await spawn(3);
  assert.equal(environment.hosts[2]!.word('go'), 1);
  assert.equal(environment.hosts.length, 5, 'the next is booted');
});

test('a standby that ends is not used', async () => {
  const { environment, spawn } = await running({ childStandbys: 1 });
  (await spawn(2)).becomeReady();
  await settle();
  const standby = environment.hosts[2]!;
  standby.becomeReady();
  await settle();
  standby.onMessage({ type: 'crash', text: 'out of the blue' });
  await settle();
  const next = await spawn(3);
  assert.notEqual(next, standby);
  next.becomeReady();
  await settle();
  assert.equal(next.word('go'), 1);
});

test('after a run with children the next one finds one ready', async () => {
  const { environment, machine, first, spawn } = await running();
  (await spawn()).becomeReady();
  await settle();
  first.kill();
  await settle();
  const next = machine.start({ demo: 'd', parameters: {} });
  await settle();
  environment.hosts.at(-1)!.becomeReady();
  await settle();
  assert.equal(machine.live().processes, 2);
  // A run without children makes an end of it.
  next.kill();
  await settle();
  machine.start({ demo: 'd', parameters: {} });
  await settle();
  environment.hosts.at(-1)!.becomeReady();
  await settle();
  assert.equal(machine.live().processes, 1);
});

test('a run of which children are expected finds one ready', async () => {
  const { environment, machine, first } = await running();
  first.kill();
  await settle();
  void machine.prepare();
  await settle();
  environment.hosts.at(-1)!.becomeReady();
  await settle();
  assert.equal(machine.live().processes, 1);
  machine.expectChildren();
  machine.expectChildren();
  await settle();
  assert.equal(machine.live().processes, 2);
  const standby = environment.hosts.at(-1)!;
  standby.becomeReady();
  await settle();
  const next = machine.start({ demo: 'd', parameters: {} });
  assert.equal(next.state, 'running');
  const words = new Int32Array(environment.hosts.at(-2)!.shared);
  words[word.slot + field.number] = 2;
  words[word.slot + field.state] = SlotState.starting;
  environment.hosts.at(-2)!.onMessage({ type: 'spawn', slot: 1 });
  await settle();
  assert.equal(standby.word('go'), 1);
});

test('at the end everything ends, and children that have ended say so', async () => {
  const { machine, first, spawn, setSlot } = await running();
  const child = await spawn();
  let process: typeof first | undefined;
  first.onChild = (started) => (process = started);
  child.becomeReady();
  await settle();
  setSlot('exitCode', 4);
  setSlot('state', SlotState.reaped);
  first.kill();
  assert.deepEqual(process!.status, { reason: 'exited', code: 4, text: '' });
  assert.ok(child.isTerminated);
  assert.deepEqual({ ...machine.live(), uncollected: 0 }, { processes: 0, memories: 0, workers: 0, uncollected: 0 });
});

test('a stopped run asks its children to stop', async () => {
  const { first, spawn } = await running();
  const child = await spawn();
  child.becomeReady();
  await settle();
  first.stop();
  assert.equal(child.word('stop'), 1);
  assert.deepEqual(child.posted.at(-1), { type: 'stop' });
  await first.ended;
  assert.ok(child.isTerminated);
});

test('a child that a stopping run still asks for is ended before it begins', async () => {
  const { first, host, slot, spawn } = await running({ graceOfTree: 10_000 });
  await (await spawn()).becomeReady();
  await settle();
  first.stop();
  const late = await spawn(3);
  assert.ok(late.isTerminated);
  assert.deepEqual([slot('state'), slot('exitCode')], [SlotState.ended, -9]);
  host.onMessage({ type: 'exit', status: 130 });
  assert.equal((await first.ended).code, 130);
});

test('what is no slot for a child is an error', async () => {
  const { host } = await running();
  assert.throws(() => host.onMessage({ type: 'spawn', slot: 64 }));
  assert.throws(() => host.onMessage({ type: 'spawn', slot: 0 }));
});
