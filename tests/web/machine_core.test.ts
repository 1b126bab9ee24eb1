import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { Machine } from '../../web/src/machine/machine.ts';
import { nodeEnvironment } from '../../web/src/machine/node.ts';
import { Run } from '../../web/src/machine/run.ts';
import type { Trace } from '../../web/src/trace/columns.ts';
import { readTraceFile, writeTraceFile } from '../../web/src/trace/file.ts';
import { Kind } from '../../web/src/trace/kinds.ts';

/** The machine with the real core, in Node. */

const core = new URL('../../build/wasm/core.mjs', import.meta.url);
assert.ok(existsSync(core), `${core.pathname} has to be built first`);

const machine = new Machine(nodeEnvironment(core));
after(() => machine.close());

const endless = {
  demo: 'thread-pool',
  parameters: { tasks: 1000, cost: 1000, work: 'wait', compare: false },
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'it did not come about');
    await pause(2);
  }
}

function indices(trace: Trace, kind: number): number[] {
  return Array.from({ length: trace.length }, (_, i) => i).filter((i) => trace.kind(i) === kind);
}

function texts(trace: Trace, kind: number): string[] {
  return indices(trace, kind).map((index) => trace.text(index));
}

/** What is true of every trace. */
function checkTrace(trace: Trace): void {
  assert.deepEqual([trace.dropped, trace.gaps, trace.overLimit], [0, 0, 0]);
  const last = new Map<number, number>();
  const blocked = new Map<number, boolean>();
  for (let i = 0; i < trace.length; i += 1) {
    assert.ok(i === 0 || trace.time(i) >= trace.time(i - 1));
    const [object, sequence, thread] = [trace.object(i), trace.sequence(i), trace.thread(i)];
    if (sequence !== 0) {
      assert.equal(sequence, (last.get(object) ?? 0) + 1, `order on object ${object}`);
      last.set(object, sequence);
    }
    const kind = trace.kind(i);
    if (kind !== Kind.blocked && kind !== Kind.unblocked) continue;
    assert.equal(blocked.get(thread) ?? false, kind === Kind.unblocked, `record ${i}`);
    blocked.set(thread, kind === Kind.blocked);
  }
}

test('a pool runs every task once, and its trace survives a file', async () => {
  const parameters = { workers: 3, tasks: 40, work: 'wait', cost: 2, spread: 50, seed: 7 };
  const run = new Run(machine, { demo: 'thread-pool', parameters });
  const status = await run.ended;
  assert.deepEqual(status, { reason: 'exited', code: 0, text: '' });
  checkTrace(run.trace);
  const finished = indices(run.trace, Kind.task_finish).map((index) => run.trace.object(index));
  assert.equal(new Set(finished).size, finished.length);
  assert.ok(finished.length >= 40);
  assert.ok(texts(run.trace, Kind.result).some((text) => text.startsWith('elapsed_ms=')));
  assert.ok(texts(run.trace, Kind.parameter).includes('workers=3'));
  const { requested, running, firstRecord, firstConsole, ended } = run.times;
  assert.ok(requested <= running && running <= firstRecord);
  assert.ok(firstRecord <= firstConsole && firstConsole <= ended);

  const read = await readTraceFile(await writeTraceFile(run.trace, run.header()));
  assert.equal(read.trace.length, run.trace.length);
  for (let i = 0; i < read.trace.length; i += 1) {
    assert.equal(read.trace.kind(i), run.trace.kind(i));
    assert.equal(read.trace.time(i), run.trace.time(i));
    assert.equal(read.trace.text(i), run.trace.text(i));
  }
});

test('producers and consumers at full speed: nothing is lost on the way to the page', async () => {
  const parameters = { producers: 3, consumers: 2, capacity: 5, items: 20000, produce_ms: 0, consume_ms: 0 };
  const run = new Run(machine, { demo: 'producer-consumer', parameters });
  assert.equal((await run.ended).code, 0);
  checkTrace(run.trace);
  const checks = indices(run.trace, Kind.check).map((index) => run.trace.detail(index));
  assert.deepEqual(checks, [1]);
  let depth = 0;
  for (let i = 0; i < run.trace.length; i += 1) {
    const kind = run.trace.kind(i);
    if (kind === Kind.queue_put) depth += 1;
    else if (kind === Kind.queue_get) depth -= 1;
    else continue;
    assert.equal(run.trace.argument(i), depth);
    assert.ok(depth <= 5);
  }
});

test('parameters that the core refuses end the process with 2, and it says which', async () => {
  const run = new Run(machine, { demo: 'thread-pool', parameters: { workers: 1000 } });
  assert.deepEqual(await run.ended, { reason: 'exited', code: 2, text: '' });
  const said = [...texts(run.trace, Kind.error), ...texts(run.trace, Kind.console)];
  assert.ok(
    said.some((text) => text.includes('workers') && text.includes('1000')),
    said.join('\n'),
  );
});

test('a flood of records comes through whole', async () => {
  const parameters = { threads: 2, records: 200000, seconds: 1 };
  const run = new Run(machine, { demo: 'flood', parameters });
  assert.equal((await run.ended).code, 0);
  checkTrace(run.trace);
  assert.ok(run.trace.length > 150_000, `${run.trace.length} records`);
});

for (const what of ['points', 'wait']) {
  test(`stop ends an endless loop: ${what}`, async () => {
    const run = new Run(machine, { demo: 'endless-loop', parameters: { threads: 4, what } });
    await until(() => indices(run.trace, Kind.thread_start).length >= 4);
    const asked = performance.now();
    run.stop();
    assert.equal(run.state, 'stopping');
    assert.deepEqual(await run.ended, { reason: 'exited', code: 130, text: '' });
    assert.ok(performance.now() - asked < 500);
    checkTrace(run.trace);
  });
}

test('stop kills an endless loop that looks at nothing', async () => {
  const parameters = { threads: 2, what: 'bare' };
  const run = new Run(machine, { demo: 'endless-loop', parameters });
  await until(() => indices(run.trace, Kind.thread_start).length >= 2);
  run.stop();
  assert.deepEqual(await run.ended, { reason: 'killed', code: 137, text: '' });
});

for (const where of ['main', 'thread']) {
  test(`a run that goes wrong says so: ${where}`, async (t) => {
    const crash = async (how: string) => {
      const run = new Run(machine, { demo: 'crash', parameters: { how, where } });
      return { run, status: await run.ended };
    };
    await t.test('exception', async () => {
      const { run, status } = await crash('exception');
      // As in Python, a thread's uncaught exception is told and does not end the program.
      assert.deepEqual(status, { reason: 'exited', code: where === 'main' ? 1 : 0, text: '' });
      assert.ok(texts(run.trace, Kind.error).some((text) => text.includes('thrown on purpose')));
    });
    await t.test('check', async () => {
      const { run, status } = await crash('check');
      assert.deepEqual(status, { reason: 'exited', code: 1, text: '' });
      assert.deepEqual(
        indices(run.trace, Kind.check).map((i) => run.trace.detail(i)),
        [0],
      );
    });
    await t.test('trap', async () => {
      const { run, status } = await crash('trap');
      assert.deepEqual([status.reason, status.code], ['crashed', 134]);
      assert.match(status.text, /unreachable/);
      // What was written before is there.
      assert.ok(texts(run.trace, Kind.console).length > 0);
    });
    await t.test('stack', async () => {
      const { status } = await crash('stack');
      assert.deepEqual([status.reason, status.code], ['crashed', 134]);
      assert.notEqual(status.text, '');
    });
  });
}

test('stop at any moment ends the run', async () => {
  for (const delay of [0, 1, 3, 10, 30, 60, 100]) {
    for (const prepared of [false, true]) {
      if (prepared) await machine.prepare();
      const run = new Run(machine, endless);
      await pause(delay);
      run.stop();
      run.stop();
      const status = await run.ended;
      assert.ok([130, 137].includes(status.code), `${delay} ms: ${JSON.stringify(status)}`);
    }
  }
});

test('kill ends a run whatever it does', async () => {
  const run = new Run(machine, endless);
  await until(() => run.trace.length > 0);
  run.kill();
  assert.equal(run.state, 'killed');
  assert.deepEqual(await run.ended, { reason: 'killed', code: 137, text: '' });
});

test('after many runs nothing is left', async () => {
  for (let i = 0; i < 30; i += 1) {
    const run = new Run(machine, endless);
    await until(() => run.state === 'running');
    if (i % 3 === 0) run.kill();
    else run.stop();
    await run.ended;
  }
  machine.close();
  const { processes, memories, workers } = machine.live();
  assert.deepEqual({ processes, memories, workers }, { processes: 0, memories: 0, workers: 0 });
});
