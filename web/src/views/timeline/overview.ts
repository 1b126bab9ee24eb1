import { html, nothing, render } from 'lit-html';
import { untracked } from '@preact/signals-core';
import { formatMoment } from '../../app/format.ts';
import { inLanguage } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { focus, frame, shown, slowFrame, whole } from '../../app/state.ts';
import { loadStyle } from '../../app/styles.ts';
import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import { focusTime } from '../../app/travel.ts';
import { computing, doingIo, running, stateCount } from '../../folds/lanes.ts';
import { enterWindow, windowsAround } from '../kit/axis/crumbs.ts';
import { pan, toPixel, toTime } from '../kit/axis/scale.ts';
import { limits, show, shownSpan, stageWidth } from '../kit/axis/window.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { timelineTexts } from './texts.ts';

/** Of the strip, in CSS pixels. */
const height = 20;
/** Columns in which what the threads do is summed up. */
const columns = 240;

const sums = new Float64Array(stateCount);

/** How many threads ran or were at simulated work in each column of the run's length, as a share of the most. */
export function activityOf({ lanes, now }: Moment, { start, end }: Span): number[] {
  const width = (end - start) / columns;
  const totals = new Array<number>(columns).fill(0);
  for (const lane of lanes.list) {
    for (let column = 0; column < columns; column += 1) {
      const from = Math.max(lane.start, start + column * width);
      const to = Math.min(now, start + (column + 1) * width);
      if (to <= from) continue;
      sums.fill(0);
      lane.addUp(from, to, now, Math.max(0, lane.spanAt(from)), sums);
      totals[column]! += sums[running]! + sums[computing]! + sums[doingIo]!;
    }
  }
  const most = Math.max(1, ...totals);
  return totals.map((total) => total / most);
}

/** The whole run as a strip, with the window that is shown, which can be dragged; and the windows around it, to go back to. */
export function attachOverview(root: HTMLElement): void {
  let activity: { of: Moment; index: number; shares: number[] } | null = null;
  let grip: number | null = null;

  const timeAt = (event: PointerEvent) => {
    const box = root.querySelector('canvas')!.getBoundingClientRect();
    const { start, end } = limits();
    return toTime(event.clientX - box.left, { start, end }, box.width);
  };
  const down = (event: PointerEvent) => {
    const time = timeAt(event);
    const { start, end } = shownSpan();
    // Beside the window, the window comes to where it was pressed.
    grip = time >= start && time <= end ? time - start : (end - start) / 2;
    (event.target as Element).setPointerCapture(event.pointerId);
    move(event);
  };
  const move = (event: PointerEvent) => {
    if (grip === null) return;
    const span = shownSpan();
    show(pan(span, timeAt(event) - grip - span.start, limits()));
  };
  const up = () => (grip = null);

  const draw = () => {
    const run = whole();
    const canvas = root.querySelector('canvas');
    const width = stageWidth.value;
    const ratio = pixelRatio();
    if (!run || !canvas || !fitCanvas(canvas, width, height, ratio)) return;
    const all = limits();
    if (activity?.of !== run || activity.index !== run.index) activity = { of: run, index: run.index, shares: activityOf(run, all) };
    const colour = colours.value;
    const context = canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.fillStyle = colour('muted');
    activity.shares.forEach((share, column) => {
      const x = (column / columns) * width;
      context.fillRect(x, height - share * (height - 2), width / columns + 0.5, share * (height - 2));
    });
    const span = shownSpan();
    const [left, right] = [toPixel(span.start, all, width), toPixel(span.end, all, width)];
    context.fillStyle = colour('veil');
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.strokeStyle = colour('accent');
    context.lineWidth = 1.5;
    context.strokeRect(left, 0.75, Math.max(2, right - left), height - 1.5);
    if (focus.value.index === null) return;
    context.fillStyle = colour('accent-strong');
    context.fillRect(Math.round(toPixel(focusTime(), all, width)) - 1, 0, 2, height);
  };

  drawWhenChanged(() => {
    void slowFrame.value;
    const run = whole();
    const t = inLanguage(timelineTexts);
    if (shown.value) void loadStyle('seldom');
    const name = ({ start, end }: Span) => `${formatMoment(start, (end - start) / 20)} – ${formatMoment(end, (end - start) / 20)}`;
    render(
      run && shown.value !== null
        ? html`<nav class="crumbs" aria-label=${t.windows}>
              <button type="button" class="link" @click=${() => enterWindow(null)}>${t.wholeRun}</button>${windowsAround().map(
                (span) => html` › <button type="button" class="link" @click=${() => enterWindow(span)}>${name(span)}</button>`,
              )} › <span>${name(shownSpan())}</span>
            </nav>
            <canvas title=${t.overview} @pointerdown=${down} @pointermove=${move} @pointerup=${up} @pointercancel=${up}></canvas>`
        : nothing,
      root,
    );
    untracked(draw);
  });

  drawWhenChanged(() => {
    void [frame.value, shown.value];
    draw();
  });
}
