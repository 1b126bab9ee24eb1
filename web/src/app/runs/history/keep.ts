import { effect, signal } from '@preact/signals-core';
import { messageOf } from '../files.ts';
import { loadExport } from '../load.ts';
import type { OpenRun } from '../open_run.ts';
import { awaitingHistory } from '../runner.ts';
import { phase } from '../../state.ts';
import { Database } from './database.ts';
import { draftOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { History } from './history.ts';
import { MemoryStore } from './store.ts';

/*
 * Runs that were made here are put into the history when they have ended. Those that came with the page, or from a file, are
 * there again anyway.
 */

/** Records of a run whose trace is kept: packing a longer one would hold up the page. */
const mostRecords = 200_000;

/** Null until the history has been read. */
export const history = signal<History | null>(null);

/** Whether it outlasts the visit. */
export const isLasting = signal(true);

/** Why the latest run was not put in; null if it was. */
export const failure = signal<string | null>(null);

/** Entries of runs that are open. */
const entries = new WeakMap<OpenRun, Entry>();

export const entryOf = (run: OpenRun | null): Entry | undefined => (run ? entries.get(run) : undefined);

/** A run that was opened from the history has its entry there already. */
export function hasEntry(run: OpenRun, entry: Entry): void {
  entries.set(run, entry);
}

async function read(): Promise<History> {
  try {
    const lasting = new History(await Database.open());
    await lasting.read();
    return lasting;
  } catch {
    isLasting.value = false;
    const inMemory = new History(new MemoryStore());
    await inMemory.read();
    return inMemory;
  }
}

const reading = read().then((found) => (history.value = found));

async function keep(run: OpenRun): Promise<void> {
  const isShort = run.trace.length <= mostRecords;
  const trace = isShort ? await (await (await loadExport()).writeTraceFile(run.trace, run.header)).arrayBuffer() : null;
  entries.set(run, await (await reading).add(draftOf(run, trace?.byteLength ?? 0), trace));
}

async function keepAll(): Promise<void> {
  for (const run of awaitingHistory) {
    awaitingHistory.delete(run);
    try {
      await keep(run);
      failure.value = null;
    } catch (error) {
      failure.value = messageOf(error);
    }
  }
}

let working = reading.then(keepAll);

/** Resolves when all runs that have ended are in the history. */
export function keepEnded(): Promise<void> {
  working = working.then(keepAll);
  return working;
}

effect(() => {
  if (phase.value === 'idle') void keepEnded();
});
