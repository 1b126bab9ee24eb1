import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { placeFlags } from './flags.ts';

/** Marks beyond this many are a pattern, not remarks: the first ones are drawn. */
const mostMarks = 2000;

const padding = 6;
const tick = 4;

/** Lengths of texts in the font, which are asked for with every frame. */
let lengths = new Map<string, number>();
let measuredIn = '';

function lengthOf(context: CanvasRenderingContext2D, text: string): number {
  let length = lengths.get(text);
  if (length === undefined) {
    length = context.measureText(text).width + 2 * padding;
    lengths.set(text, length);
  }
  return length;
}

/** The marks, and which of them have room for their flags. */
function place(context: CanvasRenderingContext2D, moment: Moment, span: Span, width: number, font: string) {
  context.font = font;
  if (measuredIn !== font) [lengths, measuredIn] = [new Map(), font];
  const flags = moment.marks.list.slice(0, mostMarks).map((mark) => {
    const text = moment.string(mark.process, mark.text) ?? '';
    return { x: toPixel(mark.time, span, width), text, length: lengthOf(context, text) };
  });
  return { flags, shown: placeFlags(flags, width) };
}

/** Flags along the ruler. A mark whose flag has no room is a tick there. */
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
  context.textBaseline = 'middle';
  const { flags, shown } = place(context, moment, span, width, font);
  context.fillStyle = colours.text;
  for (const { x } of flags) if (x >= 0 && x < width) context.fillRect(Math.round(x), top + height - tick, 1, tick);
  for (const index of shown) {
    const { x, text, length } = flags[index]!;
    context.fillStyle = colours.flag;
    context.fillRect(x, top, length, height);
    context.fillStyle = colours.text;
    context.fillText(text, x + padding, top + height / 2);
  }
}

/** Where the marks with flags are, across the lanes. Lines of all of them could hide what the threads do. */
export function paintMarkLines(
  context: CanvasRenderingContext2D,
  moment: Moment,
  span: Span,
  width: number,
  height: number,
  colours: { font: string; line: string },
): void {
  const { flags, shown } = place(context, moment, span, width, colours.font);
  context.fillStyle = colours.line;
  for (const index of shown) {
    const x = Math.round(flags[index]!.x);
    if (x >= 0 && x < width) context.fillRect(x, 0, 1, height);
  }
}
