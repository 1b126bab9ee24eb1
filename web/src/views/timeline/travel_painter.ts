import { wakeOf, recordAt } from '../../app/records.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { formatMoment } from '../../app/format.ts';
import { focus, moment } from '../../app/state.ts';
import type { Span } from '../../app/state.ts';
import { focusTime, marked } from '../../app/travel.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { shownSpan, stageWidth } from '../kit/axis/window.ts';
import { colours } from '../kit/canvas.ts';
import type { Viewport } from './lanes_chart.ts';
import { laneOf } from './layout.ts';

/** CSS pixels. */
const head = 5;

/** Times that the reader has marked, what woke the thread in focus, and the focus, behind which the run is veiled. */
export function paintTravel(context: CanvasRenderingContext2D, viewport: Viewport, span: Span): void {
  const { width, height } = viewport;
  const colour = colours.value;
  context.fillStyle = colour('depth-limit');
  for (const time of marked.value) context.fillRect(Math.round(toPixel(time, span, width)), 0, 1, height);
  if (focus.value.index === null) return;
  const x = Math.round(toPixel(focusTime(), span, width));
  if (x < width) {
    context.fillStyle = colour('veil');
    context.fillRect(Math.max(0, x), 0, width - x, height);
  }
  paintWaker(context, viewport, span, colour('text'));
  context.fillStyle = colour('accent-strong');
  context.fillRect(x - 1, 0, 2, height);
}

/** An arrow from the thread that ended the last wait of the thread in focus, at the time at which it did. */
function paintWaker(context: CanvasRenderingContext2D, { rows, width, top }: Viewport, span: Span, colour: string): void {
  const current = moment();
  const { process, thread } = focus.value;
  const wake = current && thread !== 0 ? wakeOf(current, process, thread) : null;
  const told = wake && recordAt(current!, wake.record < 0 ? wake.unblocked : wake.record);
  if (!wake || !told) return;
  const middleOf = (of: { process: number; thread: number }) => {
    const row = rows.find((each) => laneOf(each, of));
    return row ? row.top - top + row.height / 2 : NaN;
  };
  const [from, to] = [middleOf(wake), middleOf({ process, thread })];
  const x = Math.round(toPixel(told.time, span, width)) + 0.5;
  if (Number.isNaN(from + to) || from === to || x < 0 || x > width) return;
  const way = Math.sign(to - from);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, from);
  context.lineTo(x, to - way * head);
  context.stroke();
  context.beginPath();
  context.arc(x, from, 3, 0, 2 * Math.PI);
  context.moveTo(x, to);
  context.lineTo(x - head, to - way * head * 1.6);
  context.lineTo(x + head, to - way * head * 1.6);
  context.fill();
}

/** The time of the focus, left of the axis. */
export function showPlayhead(): void {
  const place = document.querySelector<HTMLElement>('#timeline .axis .gutter')!;
  drawWhenChanged(() => {
    const span = shownSpan();
    const resolution = ((span.end - span.start) / Math.max(1, stageWidth.value)) * 10;
    place.textContent = focus.value.index === null ? '' : formatMoment(focusTime(), resolution);
  });
}
