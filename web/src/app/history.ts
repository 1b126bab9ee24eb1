import { signal } from '@preact/signals-core';
import { baseline, compareWith, show } from './compare.ts';
import { catalogue, openRun } from './state.ts';
import { finishedRun, messageOf } from './runs/files.ts';
import { entryOf, failure, hasEntry, history, isLasting } from './runs/history/keep.ts';
import type { Entry } from './runs/history/entry.ts';
import type { History } from './runs/history/history.ts';
import { loadEngine } from './runs/load.ts';
import type { OpenRun } from './runs/open_run.ts';

/** Runs that were made on this page before. Loaded with the views that show them. */

export { bytesOf, historyLimits } from './runs/history/entry.ts';
export type { Entry } from './runs/history/entry.ts';
export { failure, isLasting };

/** Null until they have been read. */
export const entries = (): readonly Entry[] | null => history.value && history.value.entries.value;

/** Why the history did not do what it was asked for last: a message, or '' if a trace is gone. Null: it did. */
export const problem = signal<string | null>(null);

export const shownEntry = (): Entry | undefined => (void entries(), entryOf(openRun.value));
export const baselineEntry = (): Entry | undefined => (void entries(), entryOf(baseline.value));

async function read(entry: Entry): Promise<OpenRun | null> {
  const of = catalogue.value?.demos.find(({ id }) => id === entry.demo);
  const open = [openRun.value, baseline.value].find((run) => entryOf(run)?.id === entry.id);
  if (open) return open;
  const [{ readTraceFile }, file] = await Promise.all([loadEngine(), history.value!.trace(entry.id)]);
  if (!of || !file) {
    problem.value = '';
    return null;
  }
  const { header, trace } = await readTraceFile(file);
  const run = await finishedRun(of, 'opened', trace, header);
  run.end(entry.ending ?? run.at().ending!);
  hasEntry(run, entry);
  return run;
}

/** Shows a run of the history, or compares with it the one that is shown. */
export async function openEntry(entry: Entry, as: 'shown' | 'baseline'): Promise<void> {
  problem.value = null;
  try {
    const run = await read(entry);
    if (!run) return;
    if (as === 'shown') show(run);
    else compareWith(run);
  } catch (error) {
    problem.value = messageOf(error);
  }
}

/** Does something to the history, and says what kept it from being done. */
async function change(act: (of: History) => Promise<void>): Promise<void> {
  problem.value = null;
  try {
    if (history.value) await act(history.value);
  } catch (error) {
    problem.value = messageOf(error);
  }
}

export const deleteEntries = (ids: readonly number[]): Promise<void> => change((of) => of.remove(ids));

/** Reads the list again: another tab may have written to it. */
export const readAgain = (): Promise<void> => change((of) => of.read());
