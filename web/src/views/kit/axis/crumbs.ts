import { signal } from '@preact/signals-core';
import { shown } from '../../../app/state.ts';
import type { Span } from '../../../app/state.ts';
import { glideTo } from './glide.ts';

/** Times that differ by less than this share of a window are the same to the eye. */
const slack = 1e-3;

const contains = (outer: Span, inner: Span) => {
  const room = (outer.end - outer.start) * slack;
  return inner.start >= outer.start - room && inner.end <= outer.end + room;
};

/** Those of the windows within which another lies, and which are larger than it. */
export function around(windows: readonly Span[], inner: Span | null): readonly Span[] {
  return inner ? windows.filter((outer) => contains(outer, inner) && !contains(inner, outer)) : [];
}

/** Windows that were left for one within them, from the outermost in; the whole run is none of them. */
const left = signal<readonly Span[]>([]);

/** The windows within which the one shown lies. */
export const windowsAround = () => around(left.value, shown.value);

/** Shows a window, null = the whole run, from which one can go back to the one that was shown. */
export function enterWindow(next: Span | null): void {
  const last = shown.peek();
  const windows = last ? [...around(left.peek(), last), last] : [];
  left.value = around(windows, next);
  glideTo(next);
}
