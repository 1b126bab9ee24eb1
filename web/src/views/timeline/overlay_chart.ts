import { signal } from '@preact/signals-core';
import { frame, pointed, range, selected, whole } from '../../app/state.ts';
import type { Selection, Span } from '../../app/state.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { flagFont } from './axis_chart.ts';
import type { Viewport } from './lanes_chart.ts';
import { laneParts } from './layout.ts';
import { painters } from './parts.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { boundsOf, spotOf } from '../kit/axis/spot.ts';
import { shownSpan } from '../kit/axis/window.ts';

/** What the script that is loaded with the first pointer or key paints above that: the focus, and what belongs to it. */
export const onTop = signal<((context: CanvasRenderingContext2D, viewport: Viewport, span: Span) => void) | null>(null);

/** What lies above the lanes and changes with the pointer: marks, range, selection, the moment pointed at, the live end. */
export function overlayChart(canvas: HTMLCanvasElement, viewport: Viewport, hovered: Selection | null): void {
  void frame.value;
  const { rows, width, top, height } = viewport;
  const ratio = pixelRatio();
  const colour = colours.value;
  const span = shownSpan();
  const current = whole();
  if (!fitCanvas(canvas, width, height, ratio)) return;
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const bar = (x: number, thickness: number, fill: string) => {
    context.fillStyle = fill;
    context.fillRect(x, 0, thickness, height);
  };
  const outline = (selection: Selection, thickness: number, stroke: string) => {
    const spot = spotOf(current, selection);
    const row = rows.find(({ lane }) => lane?.process === selection.process && lane.thread === selection.thread);
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

  if (current && current.marks.list.length > 0)
    painters()?.paintMarkLines(context, current, span, width, height, { font: flagFont(), line: colour('accent') });
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
  if (pointed.value !== null) bar(Math.round(toPixel(pointed.value, span, width)), 1, colour('muted'));
  onTop.value?.(context, viewport, span);
  if (current?.ending === null) bar(Math.min(width - 2, toPixel(current.now, span, width)), 2, colour('accent'));
}
