import type { Span } from '../../app/state.ts';
import { processOf, threadOf } from '../../folds/fold.ts';
import type { Holding } from '../../folds/holding.ts';
import { colours } from './canvas.ts';
import { threadMark } from './threads.ts';

/** The colour of the mark of the thread that has this key. */
function colourOf(holder: number): string {
  const { colour } = threadMark(processOf(holder), threadOf(holder));
  return colours.value(`thread-${colour < 0 ? 'main' : colour}`);
}

/** Holders over time, each in the colour of its thread's mark. Device pixels throughout. */
export function paintHolding(
  context: CanvasRenderingContext2D, holding: Holding, span: Span, now: number,
  width: number, top: number, height: number,
): void {
  const perColumn = (span.end - span.start) / width;
  let holder = 0;
  let start = 0;
  const close = (end: number) => {
    if (holder === 0) return;
    context.fillStyle = colourOf(holder);
    context.fillRect(start, top, end - start, height);
  };
  for (let column = 0; column < width; column += 1) {
    const from = span.start + column * perColumn;
    const next = from > now ? 0 : holding.mainIn(from, Math.min(now, from + perColumn), now);
    if (next === holder) continue;
    close(column);
    [holder, start] = [next, column];
  }
  close(width);
}
