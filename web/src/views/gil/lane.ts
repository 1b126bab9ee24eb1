import { formatDuration, formatInteger, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { whole, selected, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { threadOf } from '../../folds/fold.ts';
import { Gils, heldBy } from '../../folds/gil.ts';
import type { GilHistory } from '../../folds/gil.ts';
import type { Holding } from '../../folds/holding.ts';
import { paintHolding } from '../kit/holding_painter.ts';
import { processName, threadName } from '../kit/threads.ts';
import { offerTracks } from '../kit/track.ts';
import type { Track, TrackCanvas } from '../kit/track.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { gilTexts } from './texts.ts';

/** CSS pixels. */
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

function trackOf(current: Moment, gil: GilHistory): Track {
  const t = inLanguage(gilTexts);
  return {
    key: 'gil',
    process: gil.process,
    name: gilName(current, gil),
    hint: t.lane,
    label: t.label(sharesOf(current, gil)),
    size: 'lane',
    paint: (canvas) => {
      const isLow = canvas.height < holderTop + holderHeight;
      for (const { holding, requests } of shownGils(current)) {
        paintHolding(canvas, holding, holderTop, isLow ? canvas.height - 2 * holderTop : holderHeight);
        if (!isLow) paintRequests(canvas, requests);
      }
    },
    textAt: (time) => {
      const at = gilAt(current, time);
      return at ? stateAt(current, at, time) : null;
    },
  };
}

/** A track of the timeline: the holder of the GIL, and its drop requests. */
export function offerGil(): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const current = whole();
    const gil = shownGil(current);
    offerTracks(10, gil && current ? [trackOf(current, gil)] : []);
  });
}

/** A tick at each drop request. */
function paintRequests({ context, span, width, colour }: TrackCanvas, requests: Holding): void {
  const { times, count } = requests;
  let last = -2;
  context.fillStyle = colour('text');
  for (let index = Math.max(0, requests.spanAt(span.start)); index < count; index += 1) {
    const time = times.at(index);
    if (time > span.end) break;
    const x = Math.round(toPixel(time, span, width));
    if (x < last + 2 || x < 0) continue;
    context.fillRect(x, requestTop, 1, requestHeight);
    last = x;
  }
}

function sharesOf(current: Moment, gil: GilHistory): string {
  const length = gilLength(gil, current.now);
  return current
    .fold(Gils)
    .usersOf(gil)
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
      : t.held(
          threadName(current, gil.process, threadOf(holder)),
          formatDuration(gil.holding.spanEnd(index, current.now) - gil.holding.times.at(index), language.value),
        ),
  ];
  if (waiting > 0) parts.push(t.waiting(formatInteger(waiting, language.value)));
  return parts.join(' · ');
}
