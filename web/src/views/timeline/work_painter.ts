import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import { isWork } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import type { Band } from '../kit/raster.ts';
import { toPixel, toTime } from '../kit/axis/scale.ts';

/** CSS pixels. */
const narrowest = 20;
const lowest = 12;
const padding = 3;

/**
 * Writes the names of work on its spans, on plain ground, where there is room. A span with room for a name holds one of
 * the moments that are looked at, so cost grows with the pixels, not with the spans. Device pixels throughout.
 */
export function paintWorkNames(
  context: CanvasRenderingContext2D,
  moment: Moment,
  lane: Lane,
  band: Band,
  span: Span,
  width: number,
  ratio: number,
  font: string,
  colours: { ground: string; text: string },
): void {
  if (band.height < lowest * ratio) return;
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  let drawn = -1;
  for (let x = 0; x < width; x += narrowest * ratio) {
    const time = toTime(x, span, width);
    const index = time < moment.now ? lane.spanAt(time) : -1;
    if (index <= drawn || !isWork(lane.states.at(index))) continue;
    drawn = index;
    const left = Math.max(0, toPixel(lane.starts.at(index), span, width));
    const right = Math.min(width, toPixel(lane.spanEnd(index, moment.now), span, width));
    const name = moment.string(lane.process, lane.objects.at(index)) ?? '';
    const length = context.measureText(name).width;
    if (!name || right - left < length + 4 * padding * ratio) continue;
    const start = (left + right - length) / 2;
    context.fillStyle = colours.ground;
    context.fillRect(start - padding * ratio, band.top + ratio, length + 2 * padding * ratio, band.height - 2 * ratio);
    context.fillStyle = colours.text;
    context.fillText(name, start, band.top + band.height / 2);
  }
}
