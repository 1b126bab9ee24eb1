import { range, selected, whole } from '../../app/state.ts';
import type { Selection, Span } from '../../app/state.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { boundsOf, spotOf } from '../kit/axis/spot.ts';
import { colours } from '../kit/canvas.ts';
import type { Viewport } from './lanes_chart.ts';
import { laneOf, laneParts } from './layout.ts';

/** The measured range, and outlines of the span under the pointer and of the selected one. */
export function paintSelection(context: CanvasRenderingContext2D, viewport: Viewport, span: Span, hovered: Selection | null): void {
  const { rows, width, top, height } = viewport;
  const colour = colours.value;
  const current = whole();
  const bar = (x: number, thickness: number, fill: string) => {
    context.fillStyle = fill;
    context.fillRect(x, 0, thickness, height);
  };
  const outline = (selection: Selection, thickness: number, stroke: string) => {
    const spot = spotOf(current, selection);
    const row = rows.find((each) => laneOf(each, selection));
    if (!row || !current || !spot) return;
    const { lane, task } = spot;
    const { start, end } = boundsOf(spot, current.now);
    const parts = laneParts(row.top - top, row.height, 1, lane.taskCount > 0);
    const band = (task && parts.tasks) || parts.state;
    const left = Math.max(-4, toPixel(start, span, width));
    const right = Math.min(width + 4, Math.max(left + 2, toPixel(end, span, width)));
    context.strokeStyle = stroke;
    context.lineWidth = thickness;
    context.strokeRect(left - 0.5, band.top - 0.5, right - left + 1, band.height + (task ? 0 : 1));
  };

  if (range.value) {
    const left = toPixel(range.value.start, span, width);
    const right = toPixel(range.value.end, span, width);
    bar(0, left, colour('veil'));
    bar(right, width - right, colour('veil'));
    bar(left, 1, colour('accent'));
    bar(right - 1, 1, colour('accent'));
  }
  if (hovered) outline(hovered, 1, colour('muted'));
  if (selected.value) outline(selected.value, 2, colour('text'));
}
