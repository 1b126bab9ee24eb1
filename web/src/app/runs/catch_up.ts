import { batch, effect } from '@preact/signals-core';
import { onEveryFrame } from '../scheduler.ts';
import { frame, openRun, phase, slowFrame } from '../state.ts';

/** A fold that is behind catches up in slices, one a frame. While a run is live, its reading does so. */
export function catchUpOnFrames(): void {
  effect(() => {
    const of = openRun.value;
    if (!of || !of.behind.value || (of.source === 'live' && phase.value !== 'idle')) return;
    return onEveryFrame(() => {
      of.advance();
      batch(() => {
        frame.value += 1;
        slowFrame.value += 1;
      });
    });
  });
}
