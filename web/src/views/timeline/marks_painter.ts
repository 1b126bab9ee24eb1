import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import { toPixel } from '../kit/axis/scale.ts';

/** Marks beyond this many are a pattern, not remarks: the first ones are drawn. */
const mostMarks = 200;

/** Flags along the ruler. Where two would overlap the earlier one is shown. */
export function paintFlags(
  context: CanvasRenderingContext2D,
  moment: Moment,
  span: Span,
  width: number,
  top: number,
  height: number,
  font: string,
  colours: { text: string; flag: string },
): void {
  context.font = font;
  context.textBaseline = 'middle';
  let free = -Infinity;
  for (const mark of moment.marks.list.slice(0, mostMarks)) {
    const x = toPixel(mark.time, span, width);
    const text = moment.string(mark.process, mark.text) ?? '';
    const length = context.measureText(text).width + 12;
    if (x < free || x + length < 0 || x > width) continue;
    context.fillStyle = colours.flag;
    context.fillRect(x, top, length, height);
    context.fillStyle = colours.text;
    context.fillText(text, x + 6, top + height / 2);
    free = x + length + 2;
  }
}

/** Where the marks are, across the lanes. */
export function paintMarkLines(
  context: CanvasRenderingContext2D,
  moment: Moment,
  span: Span,
  width: number,
  height: number,
  colour: string,
): void {
  context.fillStyle = colour;
  for (const mark of moment.marks.list.slice(0, mostMarks)) {
    const x = Math.round(toPixel(mark.time, span, width));
    if (x >= 0 && x < width) context.fillRect(x, 0, 1, height);
  }
}
