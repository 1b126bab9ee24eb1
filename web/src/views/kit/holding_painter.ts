import { processOf, threadOf } from '../../folds/fold.ts';
import type { Holding } from '../../folds/holding.ts';
import { colours } from './canvas.ts';
import { threadMark } from './threads.ts';
import type { TrackCanvas } from './track.ts';

/** The colour of the mark of the thread that has this key. */
function colourOf(holder: number): string {
  const { colour } = threadMark(processOf(holder), threadOf(holder));
  return colours.value(`thread-${colour < 0 ? 'main' : colour}`);
}

/** What is seen of the shortest hold, in CSS pixels. */
const least = 2;

/**
 * Holders over time, each in the colour of its thread's mark, a column of device pixels at a time: as high as the share of the
 * column in which it was held.
 */
export function paintHolding({ context, span, now, ratio }: TrackCanvas, holding: Holding, top: number, height: number): void {
  const { width } = context.canvas;
  const perColumn = (span.end - span.start) / width;
  const [bottom, whole] = [Math.round((top + height) * ratio), Math.round(height * ratio)];
  let holder = 0;
  let high = 0;
  let start = 0;
  const close = (end: number) => {
    if (holder === 0) return;
    context.fillStyle = colourOf(holder);
    context.fillRect(start, bottom - high, end - start, high);
  };
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (let column = 0; column < width; column += 1) {
    const from = span.start + column * perColumn;
    const to = Math.min(now, from + perColumn);
    const next = from > now ? 0 : holding.mainIn(from, to, now);
    const nextHigh = next === 0 ? 0 : Math.max(Math.round(least * ratio), Math.round(holding.shareIn(from, to, now) * whole));
    if (next === holder && nextHigh === high) continue;
    close(column);
    [holder, high, start] = [next, nextHigh, column];
  }
  close(width);
  context.restore();
}
