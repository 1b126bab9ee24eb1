import { formatTick, ticksBetween } from '../../app/format.ts';
import type { Span } from '../../app/state.ts';
import { toPixel } from '../kit/axis/scale.ts';

export interface RulerColours {
  text: string;
  line: string;
}

/** Ticks stand at least this far apart, in CSS pixels. */
const tickDistance = 84;

export function ticksFor(span: Span, width: number) {
  return ticksBetween(span.start, span.end, ((span.end - span.start) / Math.max(width, 1)) * tickDistance);
}

export function drawRuler(
  context: CanvasRenderingContext2D,
  span: Span,
  width: number,
  height: number,
  font: string,
  colours: RulerColours,
): void {
  const { step, times } = ticksFor(span, width);
  context.font = font;
  context.textBaseline = 'middle';
  context.fillStyle = colours.line;
  for (const time of times) context.fillRect(Math.round(toPixel(time, span, width)), height - 6, 1, 6);
  context.fillStyle = colours.text;
  let free = 0;
  for (const time of times) {
    const x = toPixel(time, span, width);
    const text = formatTick(time, step);
    const half = context.measureText(text).width / 2;
    const left = Math.max(1, Math.min(width - 2 * half - 1, x - half));
    if (left < free) continue;
    context.fillText(text, left, height / 2 - 2);
    free = left + 2 * half + 8;
  }
}
