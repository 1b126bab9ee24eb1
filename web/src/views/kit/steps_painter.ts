import type { Steps } from '../../folds/steps.ts';
import { roomForText } from './track.ts';
import type { TrackCanvas } from './track.ts';

/** The value at the top of the scale: the limit where it is near enough to be worth seeing, else a round number. */
export function scaleTop(maximum: number, limit: number): number {
  if (limit > 0 && limit <= Math.max(4, maximum) * 3) return limit;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, maximum)));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((candidate) => candidate >= maximum) ?? maximum;
}

/**
 * A column of pixels shows the least and the most of its values: below the least, between the two, and along the most.
 * `limit`: 0 = none.
 */
export function paintSteps(canvas: TrackCanvas, steps: Steps, limit: number): void {
  const { context, span, now, width, height, ratio, colour } = canvas;
  const top = scaleTop(steps.maximum, limit);
  const colours = {
    area: colour('depth'),
    band: colour('depth-band'),
    edge: colour('depth-edge'),
    limit: colour('depth-limit'),
    grid: colour('grid'),
    text: colour('muted'),
  };
  const isLow = height < roomForText;
  const headroom = isLow ? 2 : 14;
  const scale = (height - headroom - 1) / top;
  const y = (value: number) => height - 1 - value * scale;
  const columns = Math.round(width * ratio);
  const perColumn = (span.end - span.start) / columns;
  const column = 1 / ratio;
  context.fillStyle = colours.grid;
  context.fillRect(0, height - 1, width, 1);
  context.fillRect(0, y(top), width, 1);
  let before = NaN;
  for (let index = 0; index < columns; index += 1) {
    const from = span.start + index * perColumn;
    if (from > now) break;
    const { least, most, last } = steps.rangeIn(from, from + perColumn);
    const x = index * column;
    if (most > 0) {
      context.fillStyle = colours.area;
      context.fillRect(x, y(least), column, least * scale);
      if (most > least) {
        context.fillStyle = colours.band;
        context.fillRect(x, y(most), column, (most - least) * scale);
      }
    }
    context.fillStyle = colours.edge;
    const low = Number.isNaN(before) ? last : Math.min(before, least);
    context.fillRect(x, y(most) - 0.75, column, Math.max(1.5, most === least && low !== most ? (most - low) * scale : 1.5));
    before = last;
  }
  if (limit > 0 && limit === top) {
    context.strokeStyle = colours.limit;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(0, y(limit));
    context.lineTo(width, y(limit));
    context.stroke();
    context.setLineDash([]);
  }
  if (isLow) return;
  context.font = `10px ${colour('font-small')}`;
  context.textBaseline = 'bottom';
  context.fillStyle = colours.text;
  context.fillText(String(top), 3, y(top) - 2);
}
