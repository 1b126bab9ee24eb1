import type { Span } from '../../app/state.ts';
import type { Holding } from '../../folds/holding.ts';
import { colours } from './canvas.ts';
import { threadMark } from './threads.ts';

/** The colour of a thread's mark. */
export function threadColour(process: number, thread: number): string {
  const { colour } = threadMark(process, thread);
  return colours.value(`thread-${colour < 0 ? 'main' : colour}`);
}

/** Who had it when, each in the colour of its mark. Device pixels throughout. */
export function paintHolding(
  context: CanvasRenderingContext2D, holding: Holding, process: number, span: Span, now: number,
  width: number, top: number, height: number,
): void {
  const perColumn = (span.end - span.start) / width;
  let thread = 0;
  let start = 0;
  const close = (end: number) => {
    if (thread === 0) return;
    context.fillStyle = threadColour(process, thread);
    context.fillRect(start, top, end - start, height);
  };
  for (let column = 0; column < width; column += 1) {
    const from = span.start + column * perColumn;
    const next = from > now ? 0 : holding.mainIn(from, Math.min(now, from + perColumn), now);
    if (next === thread) continue;
    close(column);
    [thread, start] = [next, column];
  }
  close(width);
}
