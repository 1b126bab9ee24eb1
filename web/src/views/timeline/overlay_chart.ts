import { signal } from '@preact/signals-core';
import { frame, pointed, whole } from '../../app/state.ts';
import type { Selection, Span } from '../../app/state.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { flagFont } from './axis_chart.ts';
import type { Viewport } from './lanes_chart.ts';
import { marksPainter } from './parts.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { shownSpan } from '../kit/axis/window.ts';

/** Paints what a pointer, a key or a link leads to. */
export type PaintOnTop = (context: CanvasRenderingContext2D, viewport: Viewport, span: Span, hovered: Selection | null) => void;

/** Set by the script that is loaded with the first of these. */
export const onTop = signal<PaintOnTop | null>(null);

/** What lies above the lanes and changes with the pointer. */
export function overlayChart(canvas: HTMLCanvasElement, viewport: Viewport, hovered: Selection | null): void {
  void frame.value;
  const { width, height } = viewport;
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
  if (current && current.marks.list.length > 0)
    marksPainter()?.paintMarkLines(context, current, span, width, height, { font: flagFont(), line: colour('accent') });
  onTop.value?.(context, viewport, span, hovered);
  if (pointed.value !== null) bar(Math.round(toPixel(pointed.value, span, width)), 1, colour('muted'));
  if (current?.ending === null) bar(Math.min(width - 2, toPixel(current.now, span, width)), 2, colour('accent'));
}
