import type { Limits } from '../../../app/limits.ts';
import type { Span } from '../../../app/state.ts';

/*
 * Times are ns of the run's clock, pixels are CSS pixels from the left edge of the lanes.
 */

/** The shortest visible part: the resolution of the clock. */
const finest = 2_000;

/** The part that is shown: what was chosen, moved along with the end if it is to follow it, else everything. */
export function visible(chosen: Span | null, following: boolean, limits: Limits): Span {
  if (!chosen) return { ...limits };
  if (!following) return chosen;
  const length = chosen.end - chosen.start;
  return { start: limits.end - length, end: limits.end };
}

/** Zooms about a moment, which stays where it is; null when everything is shown. */
export function zoom(span: Span, about: number, factor: number, limits: Limits): Span | null {
  const whole = limits.end - limits.start;
  const length = Math.max(finest, (span.end - span.start) / factor);
  if (length >= whole) return null;
  const share = (about - span.start) / (span.end - span.start);
  return clamp({ start: about - share * length, end: about + (1 - share) * length }, limits);
}

export function pan(span: Span, by: number, limits: Limits): Span {
  return clamp({ start: span.start + by, end: span.end + by }, limits);
}

/** A span with room on both sides of what is to be looked at. */
export function around(start: number, end: number, limits: Limits): Span | null {
  const room = Math.max((end - start) * 0.15, finest);
  const span = { start: start - room, end: end + room };
  return span.end - span.start >= limits.end - limits.start ? null : clamp(span, limits);
}

/** Keeps the length and moves the span into the limits. */
function clamp(span: Span, limits: Limits): Span {
  const length = span.end - span.start;
  const start = Math.max(limits.start, Math.min(span.start, limits.end - length));
  return { start, end: start + length };
}

export function toPixel(time: number, span: Span, width: number): number {
  return ((time - span.start) / (span.end - span.start)) * width;
}

export function toTime(pixel: number, span: Span, width: number): number {
  return span.start + (pixel / width) * (span.end - span.start);
}
