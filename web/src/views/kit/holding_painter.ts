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

/** Holders over time, each in the colour of its thread's mark, a column of device pixels at a time. */
export function paintHolding({ context, span, now, ratio }: TrackCanvas, holding: Holding, top: number, height: number): void {
  const { width } = context.canvas;
  const perColumn = (span.end - span.start) / width;
  let holder = 0;
  let start = 0;
  const close = (end: number) => {
    if (holder === 0) return;
    context.fillStyle = colourOf(holder);
    context.fillRect(start, Math.round(top * ratio), end - start, Math.round(height * ratio));
  };
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (let column = 0; column < width; column += 1) {
    const from = span.start + column * perColumn;
    const next = from > now ? 0 : holding.mainIn(from, Math.min(now, from + perColumn), now);
    if (next === holder) continue;
    close(column);
    [holder, start] = [next, column];
  }
  close(width);
  context.restore();
}
