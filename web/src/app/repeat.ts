import { signal } from '@preact/signals-core';
import { canRun } from './actions.ts';
import { isPinned, pinBaseline, compareWith } from './compare.ts';
import type { Entry } from './runs/history/entry.ts';
import { entryOf, keepEnded } from './runs/history/keep.ts';
import { startRun } from './runs/runner.ts';
import type { Parameters } from './runs/runner.ts';
import { demo, openRun, reading } from './state.ts';

/** Run × N: the same again and again, with the parameters of the form at its beginning. Loaded with the view that shows it. */

export interface Series {
  readonly demo: string;
  readonly wanted: number;
  readonly parameters: Parameters;
  /** The runs that have ended. */
  readonly entries: readonly Entry[];
  readonly isOver: boolean;
}

/** The latest series. */
export const series = signal<Series | null>(null);

/** After these there is no reason to go on: the reader stopped it, or every other run would end likewise. */
const ends = new Set(['stopped', 'killed', 'refused']);

export async function runSeries(wanted: number): Promise<void> {
  const of = demo.value;
  if (!of || !canRun()) return;
  const parameters: Parameters = Object.fromEntries(reading.value!.values);
  series.value = { demo: of.id, wanted, parameters, entries: [], isOver: false };
  // The runs of a series are not compared with each other, but with what was there before.
  const before = isPinned.value ? null : openRun.value;
  if (before) compareWith(before);
  for (let place = 0; place < wanted && demo.value === of; place += 1) {
    const run = await startRun(parameters);
    if (!run) break;
    await keepEnded();
    const entry = entryOf(run);
    if (!entry || ends.has(entry.ending?.kind ?? 'stopped')) break;
    series.value = { ...series.value, entries: [...series.value.entries, entry] };
  }
  if (before) pinBaseline(false);
  series.value = { ...series.value, isOver: true };
}
