import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Machine } from '../../web/src/machine/machine.ts';
import type { MachineLimits } from '../../web/src/machine/machine.ts';
import { SlotState } from '../../web/src/machine/shared.ts';
import { FakeEnvironment, fakeWorkers } from './support/fake_environment.ts';

/** The workers that the machine starts before a process needs them. */

const request = { demo: 'd', parameters: {} };
const limits: Partial<MachineLimits> = {
  spareHosts: 1,
  standbyDelay: 1e6,
  standbyTimeout: 1e6,
  childStandbys: 1,
  memoryRetries: [],
};

const machines: Machine[] = [];
after(() => {
  for (const machine of machines) machine.close();
});

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** A machine whose first process is ready. */
async function prepared(further: Partial<MachineLimits> = {}) {
  const environment = new FakeEnvironment();
  const machine = new Machine(environment, { ...limits, ...further });
  machines.push(machine);
  const isPrepared = machine.prepare();
  await settle();
  const { hosts } = environment;
  hosts[0]!.becomeReady();
  assert.ok(await isPrepared);
  const spawn = async (number: number) => {
    const shared = new Int32Array(hosts[0]!.shared);
    const slot = number - 1;
    const state = (64 + slot * 256) / 4;
    shared[state + 1] = number;
    shared[state] = SlotState.starting;
    hosts[0]!.onMessage({ type: 'spawn', slot });
    await settle();
  };
  return { environment, machine, hosts, spawn };
}

const isBooted = ({ posted }: FakeEnvironment['hosts'][number]) => posted.some(({ type }) => type === 'boot');

test('one is started when the first process is ready, without a memory, and counts among what is alive', async () => {
  const { machine, hosts } = await prepared();
  assert.equal(hosts.length, 2);
  assert.deepEqual(hosts[1]!.posted, [{ type: 'load', core: 'core.mjs' }]);
  assert.deepEqual({ ...machine.live(), uncollected: 0 }, { processes: 1, memories: 1, workers: 2 + fakeWorkers + 2, uncollected: 0 });
});

test('the next process takes it; the one after is started when that one is ready', async () => {
  const { machine, hosts, spawn } = await prepared();
  machine.start(request);
  await spawn(2);
  assert.ok(isBooted(hosts[1]!));
  assert.equal(hosts.length, 2);
  hosts[1]!.becomeReady();
  await settle();
  // That one, which the standby for the next child has taken, and one more.
  assert.equal(hosts.length, 4);
  assert.deepEqual(hosts.map(isBooted), [true, true, true, false]);
});

test('what is wrong with it is told when somebody needs one', async () => {
  for (const fail of [
    (host: FakeEnvironment['hosts'][number]) => host.onError('host.js could not be loaded'),
    (host: FakeEnvironment['hosts'][number]) => host.onMessage({ type: 'failed', code: 'network', text: 'import' }),
  ]) {
    const { machine, hosts, spawn } = await prepared();
    fail(hosts[1]!);
    assert.ok(hosts[1]!.isTerminated);
    assert.equal(machine.live().workers, 2 + fakeWorkers);
    machine.start(request);
    await spawn(2);
    assert.equal(hosts.length, 3);
    assert.ok(isBooted(hosts[2]!));
  }
});

test('a worker that cannot be had beforehand is no error', async () => {
  const { environment, machine, hosts } = await prepared({ spareHosts: 0 });
  const other = new Machine(environment, limits);
  machines.push(other);
  const isPrepared = other.prepare();
  await settle();
  environment.createHost = () => {
    throw new Error('no more workers');
  };
  hosts[1]!.becomeReady();
  assert.ok(await isPrepared);
  assert.equal(other.live().workers, 2 + fakeWorkers);
  assert.equal(machine.live().workers, 2 + fakeWorkers);
});

test('there is none where no process could be', async () => {
  const { hosts } = await prepared({ processes: 1 });
  assert.equal(hosts.length, 1);
});

test('it ends with the machine', async () => {
  const { machine, hosts } = await prepared();
  machine.close();
  assert.ok(hosts[1]!.isTerminated);
  assert.deepEqual({ ...machine.live(), uncollected: 0 }, { processes: 0, memories: 0, workers: 0, uncollected: 0 });
});
