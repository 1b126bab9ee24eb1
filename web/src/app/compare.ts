import { batch, computed, signal } from '@preact/signals-core';
import type { Moment } from './moment.ts';
import type { OpenRun } from './runs/open_run.ts';
import { demo, former, isStale, openRun, raw, rawOf, shown, showRun } from './state.ts';

/** Two runs of a demo: the one that is shown, B, and the one it is compared with, A. Loaded with the view that shows both. */

/** A, where it was chosen or pinned: it stays until it is let go of. Null: the run before the latest. */
const chosen = signal<OpenRun | null>(null);

/** A; null if there is none of the demo, or it is what is shown. */
export const baseline = computed(() => {
  const run = chosen.value ?? former.value;
  return run && run.demo === demo.value && run !== openRun.value ? run : null;
});

export const isPinned = computed(() => chosen.value !== null);

/** The end of A. */
export const baselineMoment = (): Moment | null => baseline.value && baseline.value.at();

/** The end of B, whatever moment of it the page shows. */
export const shownEnd = (): Moment | null => openRun.value && openRun.value.at();

/**
 * Shows a run of the same demo, and the part of it that was shown of the one before. The form goes with it, unless it holds
 * what the reader has set since.
 */
export function show(run: OpenRun): void {
  batch(() => {
    const window = shown.value;
    const follows = !isStale.value;
    showRun(run);
    shown.value = window;
    if (follows) raw.value = rawOf(run.header);
  });
}

/** Compares with the run until another is chosen or it is let go of. */
export function compareWith(run: OpenRun): void {
  chosen.value = run;
}

export function swapRuns(): void {
  const [before, now] = [baseline.value, openRun.value];
  if (!before || !now) return;
  batch(() => {
    if (chosen.value) chosen.value = now;
    else former.value = now;
    show(before);
  });
}

export function dropBaseline(): void {
  batch(() => {
    chosen.value = null;
    former.value = null;
  });
}

/** Whether the next run leaves A where it is. */
export function pinBaseline(isToStay: boolean): void {
  batch(() => {
    // What is let go of is still the run before, until there is a next one.
    if (!isToStay) former.value = chosen.value;
    chosen.value = isToStay ? baseline.value : null;
  });
}
