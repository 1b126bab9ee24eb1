import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StartError } from '../../web/src/machine/failure.ts';
import { Machine } from '../../web/src/machine/machine.ts';
import type { MachineLimits } from '../../web/src/machine/machine.ts';
import { Run } from '../../web/src/machine/run.ts';
import { SlotState } from '../../web/src/machine/shared.ts';
import { formatVersion } from '../../web/src/trace/format.generated.ts';
import { Kind } from '../../web/src/trace/kinds.ts';
import { FakeEnvironment, fakeWorkers } from './support/fake_environment.ts';
import type { FakeHost } from './support/fake_environment.ts';

const request = { demo: 'thread-pool', parameters: { workers: 4, work: 'wait' } };

/** So that the test does not wait for what it does not test. */
const quick: Partial<MachineLimits> = {
  startTimeout: 5000,
  grace: 20,
  spareHosts: 0,
  standbyDelay: 1e6,
  standbyTimeout: 1e6,
  memoryRetries: [1, 1],
};

const machines: Machine[] = [];
after(() => {
  for (const machine of machines) machine.close();
});

function setup(limits: Partial<MachineLimits> = {}) {
  const environment = new FakeEnvironment();
  const machine = new Machine(environment, { ...quick, ...limits });
  machines.push(machine);
  return { environment, machine };
}

/** Lets promises that are settled go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function running() {
  const { environment, machine } = setup();
  const process = machine.start(request);
  await settle();
  const host = environment.hosts[0]!;
  host.becomeReady();
  return { environment, machine, process, host };
}

test('a process boots, gets its mail, runs and exits', async () => {
  const { environment, machine } = setup();
  const process = machine.start(request);
  const states = [process.state];
  process.onChange = () => states.push(process.state);
  const host = environment.hosts[0]!;
  assert.deepEqual(host.posted[0], { type: 'load', core: 'core.mjs' });
  await settle();
  assert.equal(host.posted[1]!.type, 'boot');
  assert.equal(host.memory.byteLength, 64 * 2 ** 20);
  const before = performance.timeOrigin + performance.now();
  host.becomeReady();
  assert.equal(process.state, 'running');
  assert.equal(host.mail, 'run\nthread-pool\nworkers=4\nwork=wait\n');
  assert.equal(host.word('go'), 1);
  const { processes, memories, workers } = machine.live();
  // The host, the core's main thread, and the others.
  assert.deepEqual([processes, memories, workers], [1, 1, 2 + fakeWorkers]);
  assert.ok(host.origin >= before && host.origin < before + 1000);
  host.onMessage({ type: 'exit', status: 3 });
  assert.deepEqual(await process.ended, { reason: 'exited', code: 3, text: '' });
  assert.deepEqual(states, ['starting', 'ready', 'running', 'exited']);
  assert.ok(host.isTerminated);
  assert.deepEqual({ ...machine.live(), uncollected: 0 }, { processes: 0, memories: 0, workers: 0, uncollected: 0 });
});

test('the module is compiled once; each process has its own memory', async () => {
  const { environment, machine } = setup();
  const processes = [machine.start(request), machine.start(request)];
  await settle();
  assert.equal(environment.compilations, 1);
  const [first, second] = environment.hosts;
  assert.notEqual(first!.memory, second!.memory);
  assert.equal(machine.live().memories, 2);
  assert.notEqual(processes[0]!.generation, processes[1]!.generation);
});

test('a process that was prepared starts at once', async () => {
  const { environment, machine } = setup();
  const prepared = machine.prepare();
  void machine.prepare();
  assert.equal(machine.standby, 'starting');
  await settle();
  environment.hosts[0]!.becomeReady();
  assert.equal(await prepared, true);
  assert.equal(machine.standby, 'ready');
  assert.equal(environment.hosts.length, 1);
  const process = machine.start(request);
  assert.equal(process.state, 'running');
  assert.equal(machine.standby, 'none');
});

test('a process that was prepared pools as many threads as are expected, before and after it is ready', async () => {
  const { environment, machine } = setup();
  machine.expectThreads(10);
  void machine.prepare();
  await settle();
  const [host] = environment.hosts;
  assert.equal(host!.word('go'), 0, 'not before it is ready');
  host!.becomeReady();
  assert.equal(host!.word('go'), 20);
  assert.equal(machine.warmThreads, fakeWorkers);
  machine.expectThreads(3);
  assert.equal(host!.word('go'), 6);
  machine.start({ ...request, threads: 12 });
  assert.equal(host!.word('go'), 25, 'what the run itself has, if that is more');
  const next = machine.start(request);
  await settle();
  environment.hosts[1]!.becomeReady();
  assert.equal(next.state, 'running');
  assert.equal(environment.hosts[1]!.word('go'), 7, 'what was expected, if that is more');
});

test('one that is still being prepared starts when it is ready', async () => {
  const { environment, machine } = setup();
  void machine.prepare();
  const process = machine.start(request);
  assert.equal(process.state, 'starting');
  await settle();
  environment.hosts[0]!.becomeReady();
  assert.equal(process.state, 'running');
  assert.equal(environment.hosts.length, 1);
});

test('after a process has ended the next one is prepared', async () => {
  const { environment, machine } = setup({ standbyDelay: 1 });
  const process = machine.start(request);
  await settle();
  environment.hosts[0]!.becomeReady();
  process.kill();
  await pause(20);
  assert.equal(environment.hosts.length, 2);
  assert.equal(machine.standby, 'starting');
});

test('while a process takes long the next one is prepared', async () => {
  const { environment, machine } = setup({ standbyTimeout: 10 });
  machine.start(request);
  await settle();
  await pause(20);
  assert.equal(environment.hosts.length, 1);
  environment.hosts[0]!.becomeReady();
  await pause(30);
  assert.equal(environment.hosts.length, 2);
  assert.equal(machine.standby, 'starting');
});

test('after a failure nothing is prepared', async () => {
  const { environment, machine } = setup({ standbyDelay: 1, standbyTimeout: 1 });
  const process = machine.start(request);
  await settle();
  environment.hosts[0]!.onError('gone');
  await process.ended;
  await pause(20);
  assert.equal(environment.hosts.length, 1);
});

test('stop: the word, then the sleepers, then a grace, then the end', async () => {
  const { process, host } = await running();
  process.stop();
  assert.equal(process.state, 'stopping');
  assert.equal(host.word('stop'), 1);
  assert.deepEqual(host.posted.at(-1), { type: 'stop' });
  const posted = host.posted.length;
  process.stop();
  assert.equal(host.posted.length, posted);
  assert.deepEqual(await process.ended, { reason: 'killed', code: 137, text: '' });
  assert.ok(host.isTerminated);
  process.stop();
  process.kill();
  assert.equal(process.state, 'killed');
});

test('stop: a process that obeys exits with its own status', async () => {
  const { process, host } = await running();
  process.stop();
  host.onMessage({ type: 'exit', status: 130 });
  assert.deepEqual(await process.ended, { reason: 'exited', code: 130, text: '' });
  await pause(40);
  assert.equal(process.state, 'exited');
});

test('stop: a process that has obeyed by the end of its grace was not killed', async () => {
  const { process, host } = await running();
  process.stop();
  host.setWord('status', 130);
  host.setWord('state', 3);
  assert.deepEqual(await process.ended, { reason: 'exited', code: 130, text: '' });
});

test('stop: a page that was held up has not used up the grace of the process', async () => {
  const { process, host } = await running();
  process.stop();
  const end = performance.now() + 200;
  while (performance.now() < end);
  setTimeout(() => {
    host.setWord('status', 130);
    host.setWord('state', 3);
  }, 0);
  assert.deepEqual(await process.ended, { reason: 'exited', code: 130, text: '' });
});

test('stop while starting, before and after the boot', async () => {
  for (const booted of [false, true]) {
    const { environment, machine } = setup();
    const process = machine.start(request);
    if (booted) await settle();
    process.stop();
    assert.equal(process.state, 'killed');
    assert.equal((await process.ended).code, 137);
    await settle();
    assert.ok(environment.hosts[0]!.isTerminated);
    assert.equal(machine.live().memories, 0);
    machine.close();
  }
});

test('messages of a process that has ended reach nobody', async () => {
  const { process, host, environment, machine } = await running();
  process.kill();
  const next = machine.start(request);
  await settle();
  environment.hosts[1]!.becomeReady();
  let changes = 0;
  process.onChange = () => (changes += 1);
  host.sayLate({ type: 'exit', status: 0 });
  host.sayLate({ type: 'crash', text: 'late' });
  host.onError('late');
  assert.equal(changes, 0);
  assert.equal(process.status!.reason, 'killed');
  assert.equal(next.state, 'running');
});

test('a crash is told with the last words of the runtime', async () => {
  const { process, host } = await running();
  host.onMessage({ type: 'print', text: 'RuntimeError: unreachable' });
  host.onError('Uncaught [object ErrorEvent]');
  const status = await process.ended;
  assert.partialDeepStrictEqual(status, { reason: 'crashed', code: 134 });
  assert.match(status.text, /RuntimeError: unreachable/);
  assert.equal(status.failure, undefined);
});

test('the end is seen in memory before any message comes', async () => {
  const { process, host } = await running();
  process.poll();
  assert.equal(process.state, 'running');
  host.setWord('status', 1);
  host.setWord('state', 3);
  process.poll();
  assert.deepEqual(await process.ended, { reason: 'exited', code: 1, text: '' });
});

test('a process that is never ready is given up', async () => {
  const { environment, machine } = setup({ startTimeout: 20 });
  const process = machine.start(request);
  const status = await process.ended;
  assert.partialDeepStrictEqual(status, { reason: 'crashed', failure: 'timeout' });
  assert.match(status.text, /0\.02 s/);
  assert.ok(environment.hosts[0]!.isTerminated);
});

test('the time that a computer sleeps is no time to start in', async () => {
  const { environment, machine } = setup({ startTimeout: 200 });
  const process = machine.start(request);
  await settle();
  const end = performance.now() + 400;
  while (performance.now() < end);
  await pause(0);
  environment.hosts[0]!.becomeReady();
  assert.equal(process.state, 'running');
});

test('what goes wrong at the start is named', async (t) => {
  const refuses = (error: StartError) => (environment: FakeEnvironment) => {
    environment.compileModule = () => Promise.reject(error);
  };
  const hasNoWorkers = (environment: FakeEnvironment) => {
    environment.createHost = () => {
      throw new Error('no more workers');
    };
  };
  const cases: [string, (environment: FakeEnvironment) => void, string][] = [
    ['not-found', refuses(new StartError('not-found', 'status 404')), '404'],
    ['compile', refuses(new StartError('compile', 'bad magic')), 'magic'],
    ['worker', hasNoWorkers, 'no more workers'],
  ];
  for (const [failure, arrange, text] of cases) {
    await t.test(failure, async () => {
      const { environment, machine } = setup();
      arrange(environment);
      const status = await machine.start(request).ended;
      assert.partialDeepStrictEqual(status, { reason: 'crashed', failure });
      assert.ok(status.text.includes(text), status.text);
      assert.equal(machine.standby, 'none');
    });
  }
  const later: [string, (host: FakeHost) => void][] = [
    ['worker', (host) => host.onError('host.js could not be loaded')],
    ['network', (host) => host.onMessage({ type: 'failed', code: 'network', text: 'TypeError: import' })],
    ['abi', (host) => host.becomeReady({ version: 1 })],
    ['abi', (host) => host.onMessage({ type: 'ready', control: 12 })],
  ];
  for (const [failure, arrange] of later) {
    await t.test(`${failure}, later`, async () => {
      const { environment, machine } = setup();
      const process = machine.start(request);
      await settle();
      arrange(environment.hosts[0]!);
      assert.partialDeepStrictEqual(await process.ended, { reason: 'crashed', failure });
    });
  }
  await t.test('boot', async () => {
    const { environment, machine } = setup();
    const process = machine.start(request);
    await settle();
    environment.hosts[0]!.hasRun = true;
    environment.hosts[0]!.onError('Uncaught RuntimeError');
    assert.partialDeepStrictEqual(await process.ended, { reason: 'crashed', failure: 'boot' });
  });
});

test('after a failure the next start compiles anew', async () => {
  const { environment, machine } = setup();
  const { compileModule } = environment;
  environment.compileModule = () => Promise.reject(new StartError('network', 'offline'));
  assert.equal((await machine.start(request).ended).failure, 'network');
  environment.compileModule = compileModule;
  const process = machine.start(request);
  await settle();
  environment.hosts.at(-1)!.becomeReady();
  assert.equal(process.state, 'running');
  assert.equal(environment.compilations, 2);
});

test('parameters that do not fit are refused', async () => {
  const parameterSets: Record<string, string>[] = [{ name: 'x'.repeat(300) }, { name: 'two\nlines' }];
  for (const parameters of parameterSets) {
    const { environment, machine } = setup();
    const process = machine.start({ demo: 'd', parameters });
    await settle();
    environment.hosts[0]!.becomeReady();
    assert.equal((await process.ended).failure, 'parameters');
    assert.equal(environment.hosts[0]!.word('go'), 0);
  }
});

test('more processes than allowed are refused', async () => {
  const { machine } = setup({ processes: 3 });
  const processes = [1, 2, 3, 4].map(() => machine.start(request));
  const status = await processes[3]!.ended;
  assert.equal(status.failure, 'too-many');
  assert.match(status.text, /3 processes/);
  assert.deepEqual(
    processes.map(({ state }) => state),
    ['starting', 'starting', 'starting', 'crashed'],
  );
  processes[0]!.kill();
  await settle();
  assert.equal(machine.start(request).state, 'starting');
});

test('a memory that cannot be had is tried for again, then given up', async (t) => {
  const { Memory } = WebAssembly;
  t.after(() => (WebAssembly.Memory = Memory));
  let attempts = 0;
  const refuse = (times: number) => {
    attempts = 0;
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        attempts += 1;
        if (attempts <= times) throw new RangeError('could not allocate memory');
        super(descriptor);
      }
    };
  };
  refuse(2);
  const { environment, machine } = setup();
  const process = machine.start(request);
  const host = environment.hosts[0]!;
  while (!host.posted.some(({ type }) => type === 'boot')) await pause(1);
  host.becomeReady();
  assert.equal(process.state, 'running');
  assert.equal(attempts, 4, 'and one for what the processes of a run share');

  refuse(99);
  const status = await setup().machine.start(request).ended;
  assert.equal(status.failure, 'out-of-memory');
  assert.equal(attempts, 3);
});

test('a closed machine starts nothing', async () => {
  const { machine } = setup();
  machine.close();
  assert.equal(await machine.prepare(), false);
  assert.equal((await machine.start(request).ended).reason, 'crashed');
});

test('a process runs once', async () => {
  const { process } = await running();
  assert.throws(() => process.go(request));
});

test('a run drains by the pulse while nobody else does, and no longer than it lives', async () => {
  const { environment, machine } = setup();
  const run = new Run(machine, request);
  assert.equal(run.state, 'starting');
  assert.ok(environment.isPulsing);
  await settle();
  const host = environment.hosts[0]!;
  host.becomeReady();
  assert.equal(run.state, 'running');
  assert.equal(run.drain(), 0);
  host.setWord('state', 3);
  environment.tick();
  assert.equal(run.state, 'running', 'a beat after a frame has nothing to do');
  environment.tick();
  assert.deepEqual(await run.ended, { reason: 'exited', code: 0, text: '' });
  assert.equal(run.state, 'exited');
  assert.ok(!environment.isPulsing);
  assert.equal(run.drain(), 0);
  assert.ok(run.times.requested <= run.times.running && run.times.running <= run.times.ended);
  assert.partialDeepStrictEqual(run.header(), { version: formatVersion, demo: 'thread-pool', machine: 'a test' });
});

/** A run whose first process has asked for a second one, which runs. */
async function runningWithChild() {
  const { environment, machine } = setup({ childStandbys: 0 });
  const run = new Run(machine, request);
  await settle();
  const [first] = environment.hosts;
  first!.becomeReady();
  const boot = first!.posted.find((message) => message.type === 'boot')!;
  const table = new Int32Array(boot.shared.buffer);
  table.set([SlotState.starting, 2, 1], (64 + 256) / 4);
  first!.onMessage({ type: 'spawn', slot: 1 });
  await settle();
  const child = environment.hosts[1]!;
  child.becomeReady();
  await settle();
  return { environment, run, first: first!, child };
}

const mark = (time: number, detail: number) => ({ time, kind: Kind.mark, thread: 1, detail });
const marks = ({ trace }: Run) => Array.from({ length: trace.length }, (_, index) => [trace.process(index), trace.detail(index)]);

test('a run reads the rings of its children, merged with its own', async () => {
  const { run, first, child } = await runningWithChild();
  first.record(1, [mark(1000, 1), mark(3000, 3)]);
  child.record(2, [mark(2000, 2)]);
  await pause(20);
  run.drain();
  assert.deepEqual(marks(run), [
    [1, 1],
    [2, 2],
    [1, 3],
  ]);
  run.kill();
  await run.ended;
});

test('what a child wrote last is read though it is killed, and the run goes on', async () => {
  const { run, first, child } = await runningWithChild();
  child.record(2, [mark(2000, 1)]);
  first.onMessage({ type: 'signal', slot: 1, signal: 9 });
  await pause(20);
  assert.ok(child.isTerminated);
  assert.equal(run.state, 'running');
  run.drain();
  assert.deepEqual(marks(run), [[2, 1]]);
  run.kill();
  await run.ended;
});

test('a signal to a child goes to the supervisor; one to the first process is for the run', async () => {
  const { run, first } = await runningWithChild();
  const boot = first.posted.find((message) => message.type === 'boot')!;
  const table = new Int32Array(boot.shared.buffer);
  run.signal(2, 15);
  assert.equal(table[(64 + 256 + 24) / 4], 15);
  run.signal(1, 15);
  assert.equal(run.state, 'stopping');
  run.signal(1, 9);
  assert.partialDeepStrictEqual(await run.ended, { reason: 'killed' });
});

test('rings that are damaged end the run as a crash', async () => {
  const { environment, machine } = setup();
  const run = new Run(machine, request);
  await settle();
  const host = environment.hosts[0]!;
  host.becomeReady();
  host.words[2048 / 4 + 5] = 99;
  run.drain();
  const status = await run.ended;
  assert.equal(status.reason, 'crashed');
  assert.match(status.text, /DamagedRings/);
});
