import type { Span } from '../../app/state.ts';

/** Times that differ by less than this share of a window are the same to the eye. */
const slack = 1e-3;

const contains = (outer: Span, inner: Span) => {
  const room = (outer.end - outer.start) * slack;
  return inner.start >= outer.start - room && inner.end <= outer.end + room;
};

const isSame = (one: Span, other: Span) => contains(one, other) && contains(other, one);

/**
 * The windows from the outermost to the one that is shown, after it was shown; null = the whole run, which is left out. A window
 * within the last one is added to them; those that do not hold it are left.
 */
export function entered(windows: readonly Span[], shown: Span | null): readonly Span[] {
  if (!shown) return windows.length > 0 ? [] : windows;
  const around = windows.filter((each) => contains(each, shown));
  const last = around.at(-1);
  if (last && isSame(last, shown)) return around.length === windows.length ? windows : around;
  return [...around, shown];
}
