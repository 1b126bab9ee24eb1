import { signal } from '@preact/signals-core';
import { baseline, compareWith, show } from './compare.ts';
import { catalogue, openRun } from './state.ts';
import { finishedRun, messageOf } from './runs/files.ts';
import { entryOf, failure, hasEntry, history, isLasting } from './runs/history/keep.ts';
import type { Entry } from './runs/history/entry.ts';
import { loadEngine } from './runs/load.ts';
import type { OpenRun } from './runs/open_run.ts';

/** Runs that were made on this page before. Loaded with the views that show them. */

export { bytesOf, historyLimits } from './runs/history/entry.ts';
export type { Entry } from './runs/history/entry.ts';
export { failure, isLasting };

/** Null until they have been read. */
export const entries = (): readonly Entry[] | null => history.value && history.value.entries.value;

/** Why a run of the history could not be opened: a message, or '' if its trace is gone. Null: it could. */
export const unopened = signal<string | null>(null);

export const shownEntry = (): Entry | undefined => (void entries(), entryOf(openRun.value));
export const baselineEntry = (): Entry | undefined => (void entries(), entryOf(baseline.value));

async function read(entry: Entry): Promise<OpenRun | null> {
  const of = catalogue.value?.demos.find(({ id }) => id === entry.demo);
  const open = [openRun.value, baseline.value].find((run) => entryOf(run)?.id === entry.id);
  if (open) return open;
  const [{ readTraceFile }, file] = await Promise.all([loadEngine(), history.value!.trace(entry.id)]);
  if (!of || !file) {
    unopened.value = '';
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
  unopened.value = null;
  try {
    const run = await read(entry);
    if (!run) return;
    if (as === 'shown') show(run);
    else compareWith(run);
  } catch (error) {
    unopened.value = messageOf(error);
  }
}

export async function deleteEntries(ids: readonly number[]): Promise<void> {
  await history.value?.remove(ids);
}

/** Reads the list again: another tab may have written to it. */
export async function readAgain(): Promise<void> {
  await history.value?.read();
}
