import { following, whole, shown } from '../../../app/state.ts';
import type { Span } from '../../../app/state.ts';
import { limitsOf } from '../../../app/limits.ts';
import type { Limits } from '../../../app/limits.ts';
import { visible } from './scale.ts';
import { signal } from '@preact/signals-core';

/** The time axis that the timeline and the counters share. */

/** Width of the lanes in CSS pixels, without the names beside them and without a scroll bar. */
export const stageWidth = signal(0);

/** The axis reaches at least to this time of the run's clock: another run that is shown on it may take longer. */
export const reach = signal(0);

export function limits(): Limits {
  const of = whole();
  return of && of.index > 0 ? limitsOf(of.start, Math.max(of.now, reach.value)) : limitsOf(0, 1e6);
}

export function shownSpan(): Span {
  const of = whole();
  return visible(shown.value, following.value && of?.source === 'live' && of.isEnd && of.ending === null, limits());
}

/** Shows a part of the run; following its end stays on only if the part reaches it. */
export function show(span: Span | null): void {
  const { end, start } = limits();
  following.value = span === null || span.end >= end - (end - start) * 0.002;
  shown.value = span;
}
