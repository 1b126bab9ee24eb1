import { html, nothing, render } from 'lit-html';
import { formatDuration, formatInteger, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { frame, moment, pointed, selected, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import { threadOf } from '../../folds/fold.ts';
import { Gils, heldBy } from '../../folds/gil.ts';
import type { GilHistory } from '../../folds/gil.ts';
import type { Holding } from '../../folds/holding.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { paintHolding } from '../kit/holding_painter.ts';
import { cut, processName, threadName } from '../kit/threads.ts';
import { attachGestures } from '../timeline/gestures.ts';
import { toPixel } from '../timeline/scale.ts';
import { shownSpan, stageWidth } from '../timeline/window.ts';
import { gilTexts } from './texts.ts';

const laneHeight = 34;
const holderTop = 5;
const holderHeight = 17;
const requestTop = 24;
const requestHeight = 5;

/** The GILs that are shown, each the latest of its time: those of the process that is selected, else of the first that has any. */
function shownGils(current: Moment): Readonly<GilHistory>[] {
  const { list } = current.fold(Gils);
  const ofProcess = (number: number | undefined) => list.filter(({ process }) => process === number);
  const chosen = ofProcess(selected.value?.process);
  return chosen.length > 0 ? chosen : ofProcess(list[0]?.process);
}

/** The latest of them; a process has one at a time. */
export function shownGil(current: Moment | null): GilHistory | null {
  return (current && shownGils(current).at(-1)) ?? null;
}

/** A run may switch it off and on again: the one that was the latest then. */
function gilAt(current: Moment, time: number): GilHistory | undefined {
  return shownGils(current).findLast(({ opened }) => opened <= time);
}

/** Each process has a GIL of its own. */
export function gilName(current: Moment, gil: GilHistory): string {
  const { title } = inLanguage(gilTexts);
  return current.processes.areSeveral ? `${title} · ${processName(current, gil.process)}` : title;
}

/** Time for which the GIL was on. */
export function gilLength(gil: GilHistory, now: number): number {
  return (Number.isNaN(gil.closedAt) ? now : gil.closedAt) - gil.opened;
}

/** A lane above those of the threads: the holder of the GIL, and its drop requests. */
export function mountGilLane(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(gilTexts);
    const current = moment();
    const gil = shownGil(current);
    root.hidden = !gil;
    render(
      gil && current
        ? html`<div class="gutter"><span class="name" title=${t.lane}>${cut(gilName(current, gil))}</span></div>
            <div class="stage" role="img" aria-label=${t.label(sharesOf(current, gil))}>
              <canvas aria-hidden="true"></canvas><output class="value" hidden></output>
            </div>`
        : nothing,
      root,
    );
    const stage = root.querySelector<HTMLElement>('.stage');
    if (stage && !attached.has(stage)) {
      attached.add(stage);
      attachGestures(stage, null, () => {});
    }
  });

  drawWhenChanged(() => {
    void frame.value;
    void slowFrame.value;
    const current = moment();
    const gil = shownGil(current);
    const canvas = root.querySelector('canvas');
    const width = stageWidth.value;
    const ratio = pixelRatio();
    const colour = colours.value;
    const span = shownSpan();
    const at = pointed.value;
    if (!current || !gil || !canvas || !fitCanvas(canvas, width, laneHeight, ratio)) return;
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const device = (pixels: number) => Math.round(pixels * ratio);
    for (const { holding, requests } of shownGils(current)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      paintHolding(context, holding, span, current.now, canvas.width, device(holderTop), device(holderHeight));
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintRequests(context, requests, span, width, colour('text'));
    }
    const value = root.querySelector<HTMLElement>('.value')!;
    const pointedGil = at === null || at < span.start || at > current.now ? undefined : gilAt(current, at);
    value.hidden = !pointedGil;
    if (at === null || !pointedGil) return;
    const x = Math.round(toPixel(at, span, width));
    context.fillStyle = colour('muted');
    context.fillRect(x, 0, 1, laneHeight);
    value.textContent = stateAt(current, pointedGil, at);
    value.style.transform = `translateX(${Math.round(Math.min(Math.max(0, x + 8), width - value.offsetWidth - 2))}px)`;
  });
}

/** A tick at each drop request. */
function paintRequests(context: CanvasRenderingContext2D, requests: Holding, span: Span, width: number, colour: string): void {
  const { times, count } = requests;
  let last = -2;
  context.fillStyle = colour;
  for (let index = Math.max(0, requests.spanAt(span.start)); index < count; index += 1) {
    const time = times.at(index);
    if (time > span.end) break;
    const x = Math.round(toPixel(time, span, width));
    if (x < last + 2 || x < 0) continue;
    context.fillRect(x, requestTop, 1, requestHeight);
    last = x;
  }
}

const attached = new WeakSet<Element>();

function sharesOf(current: Moment, gil: GilHistory): string {
  const length = gilLength(gil, current.now);
  return current.fold(Gils).usersOf(gil)
    .map((user) => `${threadName(current, user.process, user.thread)} ${formatPercent(heldBy(user, current.now) / length, language.value)}`)
    .join(', ');
}

function stateAt(current: Moment, gil: GilHistory, time: number): string {
  const t = inLanguage(gilTexts);
  if (time > gil.closedAt) return t.off;
  const index = gil.holding.spanAt(time);
  const holder = gil.holding.at(time);
  const waiting = gil.waiting.at(time);
  const parts = [
    holder === 0
      ? t.free
      : t.held(threadName(current, gil.process, threadOf(holder)), formatDuration(gil.holding.spanEnd(index, current.now) - gil.holding.times.at(index), language.value)),
  ];
  if (waiting > 0) parts.push(t.waiting(formatInteger(waiting, language.value)));
  return parts.join(' · ');
}
