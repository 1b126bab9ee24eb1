import { batch, effect } from '@preact/signals-core';
import type { Machine } from '../../machine/machine.ts';
import type { Run as MachineRun } from '../../machine/run.ts';
import { assets } from '../assets.ts';
import { loadEngine } from './load.ts';
import type { Value } from '../parameters.ts';
import { onEveryFrame } from '../scheduler.ts';
import { endingOf } from '../ending.ts';
import { OpenRun } from './open_run.ts';
import { alive, demo, former, frame, keptRecords, notices, openRun, phase, reading, showRun, slowFrame } from '../state.ts';

/*
 * A run from the button to the last record: the machine runs it, every frame reads its rings, the folds take what came.
 */

const loadMachine = async () => {
  const { browserEnvironment, expectRun, Machine, Run, threadsOf } = await loadEngine();
  const machine: Machine = new Machine(
    browserEnvironment({ host: assets.host, pulse: assets.pulse, core: assets.core, wasm: assets.wasm }),
  );
  setInterval(() => countAlive(machine), countPeriod);
  effect(() => {
    if (demo.value) expectRun(machine, demo.value, reading.value!.values);
  });
  return { machine, Run, threadsOf };
};

/** ms between counts of what is alive. */
const countPeriod = 250;

function countAlive(machine: Machine): void {
  const { processes, memories, workers } = machine.live();
  const before = alive.value;
  const { standby } = machine;
  const same = before?.processes === processes && before.memories === memories && before.workers === workers;
  if (!same || before.standby !== standby) alive.value = { processes, memories, workers, standby };
}

let loading: ReturnType<typeof loadMachine> | null = null;

function machineReady(): ReturnType<typeof loadMachine> {
  loading ??= loadMachine().catch((error: unknown) => {
    loading = null; // the next attempt loads again
    throw error;
  });
  return loading;
}

/** Loads the machine and boots the process that the next run will use. */
export async function prepareMachine(): Promise<void> {
  try {
    const { machine } = await machineReady();
    await machine.prepare();
  } catch {
    // The next run tries again, and reports the failure.
  }
}

let current: MachineRun | null = null;
/** Counts the requested runs, so that one stopped before the machine was loaded never starts. */
let generation = 0;

/** Runs that have ended and are not in the history yet. */
export const awaitingHistory = new Set<OpenRun>();

/** The history's script is no part of what is looked at first: it comes when the reader does something after a run. */
const signs = ['pointermove', 'pointerdown', 'keydown'];

function keepSoon(run: OpenRun): void {
  awaitingHistory.add(run);
  // Without the script there is no history, and nothing waits for it.
  const load = () => void import('./history/keep.ts').catch(() => awaitingHistory.clear());
  for (const sign of signs) addEventListener(sign, load, { once: true });
}

export type Parameters = Readonly<Record<string, Value>>;

/**
 * Runs the demo with the parameters given, or with those of the form, which have to be valid. Resolves with the run at its
 * end, or without one if there was none.
 */
export async function startRun(given?: Parameters): Promise<OpenRun | undefined> {
  const running = demo.value;
  if (phase.value !== 'idle' || !running) return;
  const parameters: Parameters = given ?? Object.fromEntries(reading.value!.values);
  const mine = ++generation;
  phase.value = 'starting';
  let loaded: Awaited<ReturnType<typeof loadMachine>>;
  try {
    loaded = await machineReady();
  } catch (error) {
    if (mine !== generation) return;
    batch(() => {
      phase.value = 'idle';
      notices.value = [...notices.value, { kind: 'machine', text: String(error instanceof Error ? error.message : error) }];
    });
    return;
  }
  if (mine !== generation) return;

  const run = new loaded.Run(loaded.machine, { demo: running.id, parameters, threads: loaded.threadsOf(running, parameters) });
  current = run;
  const live = new OpenRun(running, 'live', run.trace, run.header());
  const before = openRun.value;
  former.value = before && before.trace.length <= keptRecords ? before : null;
  showRun(live);

  let lastSlow = 0;
  const read = () => {
    run.drain();
    const changed = live.advance();
    if (phase.value === 'running' || phase.value === 'stopping') live.elapse(performance.now());
    if (openRun.value !== live) return;
    const now = performance.now();
    batch(() => {
      if (changed || run.state === 'running') frame.value += 1;
      if (now - lastSlow >= 100) {
        lastSlow = now;
        slowFrame.value += 1;
      }
    });
  };
  const stopReading = onEveryFrame(read);

  const follow = () => {
    if (current === run && (run.state === 'running' || run.state === 'stopping')) phase.value = run.state;
  };
  run.onChange = follow;
  follow(); // with a process on standby it runs already

  const status = await run.ended;
  stopReading();
  const forced = status.reason !== 'exited' && phase.value !== 'starting';
  await live.complete();
  // A run that was cut off lasted until now, not until its last record.
  if (forced) live.elapse(performance.now());
  live.end(endingOf(status, live.at().summary.checks));
  if (current === run) current = null;
  keepSoon(live);
  batch(() => {
    if (mine === generation) phase.value = 'idle';
    frame.value += 1;
    slowFrame.value += 1;
  });
  return live;
}

/** Asks the run to stop; called again, kills it. */
export function stopRun(): void {
  if (phase.value === 'idle') return;
  if (!current) {
    generation += 1;
    phase.value = 'idle';
    return;
  }
  if (phase.value === 'stopping') {
    current.kill();
  } else {
    phase.value = 'stopping';
    current.stop();
  }
}

/** Sends a signal to a process of the run: 15 asks it to end, 9 ends it. */
export function signalProcess(number: number, signal: 9 | 15): void {
  current?.signal(number, signal);
}

/** Stops a run that is no longer shown. */
export function abandonRun(): void {
  current?.stop();
}
