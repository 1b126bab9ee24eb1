import { onEveryFrame } from '../../../app/scheduler.ts';
import type { Span } from '../../../app/state.ts';
import { reducedMotion } from '../theme.ts';
import { limits, show, shownSpan } from './window.ts';

/** Part of the way that is left which a frame covers. */
const spring = 0.4;

let target: Span | null = null;
let stop: (() => void) | null = null;

function arrive(): void {
  stop?.();
  stop = null;
  show(target);
}

/** Animates the visible part to a span (null = everything); at once if reduced motion is preferred. */
export function glideTo(span: Span | null): void {
  target = span;
  if (reducedMotion()) {
    arrive();
    return;
  }
  stop ??= onEveryFrame(() => {
    const goal = target ?? limits();
    const now = shownSpan();
    const next = {
      start: now.start + (goal.start - now.start) * spring,
      end: now.end + (goal.end - now.end) * spring,
    };
    const left = Math.abs(next.start - goal.start) + Math.abs(next.end - goal.end);
    if (left < (goal.end - goal.start) * 0.002) arrive();
    else show(next);
  });
}

/** Where the motion that is under way leads, so that steps on a held key add up. */
export function gliding(): Span {
  return stop ? (target ?? { ...limits() }) : shownSpan();
}

export function cancelGlide(): void {
  stop?.();
  stop = null;
}
