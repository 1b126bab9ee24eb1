import { html, nothing, render } from 'lit-html';
import { formatDuration, formatInteger, formatPercent } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { frame, moment, pointed, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { processOf, threadOf } from '../../folds/fold.ts';
import { Gates } from '../../folds/gates.ts';
import { Holders } from '../../folds/holders.ts';
import type { LockHistory } from '../../folds/holders.ts';
import type { Steps } from '../../folds/steps.ts';
import { paintSteps, scaleTop } from '../counters/steps_painter.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { meter } from '../kit/figures.ts';
import { paintHolding } from '../kit/holding_painter.ts';
import { table } from '../kit/table.ts';
import { cut, objectName, threadLabel, threadName } from '../kit/threads.ts';
import { attachGestures } from '../timeline/gestures.ts';
import { toPixel } from '../timeline/scale.ts';
import { shownSpan, stageWidth } from '../timeline/window.ts';
import { locksTexts } from './texts.ts';

const lockHeight = 30;
const levelHeight = 64;
/** Locks and levels with a lane; the others are in the table. */
const mostLanes = 12;

const count = (value: number) => formatInteger(value, language.value);

/** A semaphore's free permits, or the threads at a barrier, of those that were used. */
interface Level {
  process: number;
  object: number;
  steps: Steps;
  limit: number;
  note: string;
}

function levelsOf(current: Moment): Level[] {
  const t = inLanguage(locksTexts);
  const { semaphores, barriers } = current.fold(Gates);
  const all = [
    ...semaphores.map(({ process, object, value, initial }) => ({
      process, object, steps: value, limit: Number.isNaN(initial) ? 0 : initial, note: t.semaphore,
    })),
    ...barriers.map(({ process, object, waiting, parties, broken }) => ({
      process, object, steps: waiting, limit: parties, note: broken ? t.broken : t.barrier(count(parties)),
    })),
  ];
  return all.filter(({ steps }) => steps.count > 1);
}

/** Locks of one name are told apart by what they are. */
function laneNames(current: Moment, locks: readonly LockHistory[]): string[] {
  const names = locks.map(({ process, object }) => objectName(current, process, object));
  return names.map((name, place) => {
    const { process, object } = locks[place]!;
    const type = inLanguage(locksTexts).types[current.objectType(process, object)];
    return type && names.indexOf(name) !== names.lastIndexOf(name) ? `${name} (${type})` : name;
  });
}

const trackName = (name: string) => html`<span class="name" title=${name}>${cut(name)}</span>`;

const keyOf = ({ process, object }: { process: number; object: number }) => `${process}-${object}`;

/** Locks that were acquired at least once, by name. */
function locksOf(current: Moment): LockHistory[] {
  const nameOf = ({ process, object }: LockHistory) => objectName(current, process, object);
  return current.fold(Holders).locks
    .filter((lock) => lock.acquisitions > 0)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
}

/** The current holder, in words. */
function holderText(current: Moment, lock: LockHistory): string {
  const t = inLanguage(locksTexts);
  const { holder } = lock.holding;
  if (holder !== 0) return threadName(current, processOf(holder), threadOf(holder));
  if (lock.abandoned) return t.abandoned;
  return lock.readers.size > 0 ? t.readers(count(lock.readers.size)) : t.nobody;
}

function lockTable(current: Moment, locks: LockHistory[]) {
  const t = inLanguage(locksTexts);
  const length = current.length;
  return table(
    [
      { head: t.lock }, { head: t.heldBy }, { head: t.times, figure: true },
      { head: t.share, hint: t.shareHint }, { head: t.longest, figure: true },
    ],
    locks.map((lock) => {
      const open = Number.isNaN(lock.since) ? 0 : current.now - lock.since;
      const share = length > 0 ? Math.min(1, (lock.held + open) / length) : 0;
      const type = t.types[current.objectType(lock.process, lock.object)] ?? '';
      const { holder } = lock.holding;
      return [
        html`${objectName(current, lock.process, lock.object)} <small>${type}</small>`,
        holder !== 0 ? threadLabel(current, processOf(holder), threadOf(holder)) : holderText(current, lock),
        count(lock.acquisitions),
        html`${meter(share)}${formatPercent(share, language.value)}`,
        formatDuration(Math.max(lock.longest, open), language.value),
      ];
    }),
    t.caption,
  );
}

/** Holders of locks, free permits of semaphores and waiters at barriers, over time. */
export function mountLocks(root: HTMLElement): void {
  const attached = new WeakSet<Element>();
  let locks: LockHistory[] = [];
  let levels: Level[] = [];

  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(locksTexts);
    const current = moment();
    const allLocks = current ? locksOf(current) : [];
    const allLevels = current ? levelsOf(current) : [];
    locks = allLocks.slice(0, mostLanes);
    levels = allLevels.slice(0, mostLanes);
    const names = current ? laneNames(current, locks) : [];
    const hidden = allLocks.length + allLevels.length - locks.length - levels.length;
    root.hidden = allLocks.length + allLevels.length === 0;
    render(
      current && !root.hidden
        ? html`
            <figure class="panel counters locks" aria-labelledby="locks-title">
              <figcaption class="panel-head"><h2 id="locks-title">${t.title}</h2><span class="muted">${hidden > 0 ? t.more(count(hidden)) : locks.length > 0 ? t.laneHint : nothing}</span></figcaption>
              ${locks.map(
                (lock, place) => html`<div class="track lock-track" data-lock=${keyOf(lock)}>
                  <div class="gutter">${trackName(names[place]!)}</div>
                  <div class="stage" role="img" aria-label=${t.label(names[place]!, holderText(current, lock))}>
                    <canvas aria-hidden="true"></canvas><output class="value" hidden></output>
                  </div>
                </div>`,
              )}
              ${levels.map(
                (level) => html`<div class="track" data-level=${keyOf(level)}>
                  <div class="gutter">${trackName(objectName(current, level.process, level.object))}
                    <span class="muted">${level.note}</span></div>
                  <div class="stage" role="img" aria-label=${t.level(objectName(current, level.process, level.object), `${count(level.steps.last)} ${level.note}`)}>
                    <canvas aria-hidden="true"></canvas><output class="value" hidden></output>
                  </div>
                </div>`,
              )}
              ${allLocks.length > 0
                ? html`<details class="as-table"><summary>${texts().timeline.asTable}</summary>${lockTable(current, allLocks)}</details>`
                : nothing}
            </figure>
          `
        : nothing,
      root,
    );
    for (const stage of root.querySelectorAll<HTMLElement>('.stage')) {
      if (attached.has(stage)) continue;
      attached.add(stage);
      attachGestures(stage, null, () => {});
    }
  });

  drawWhenChanged(() => {
    void frame.value;
    void slowFrame.value;
    const current = moment();
    const width = stageWidth.value;
    const ratio = pixelRatio();
    const colour = colours.value;
    const span = shownSpan();
    const at = pointed.value;
    if (!current) return;

    const draw = (selector: string, height: number, paint: (context: CanvasRenderingContext2D) => void, textAt: (time: number) => string) => {
      const stage = root.querySelector<HTMLElement>(`${selector} .stage`);
      const canvas = stage?.querySelector('canvas');
      if (!stage || !canvas || !fitCanvas(canvas, width, height, ratio)) return;
      const context = canvas.getContext('2d')!;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      paint(context);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const value = stage.querySelector<HTMLElement>('.value')!;
      value.hidden = at === null || at < span.start || at > current.now;
      if (at === null || value.hidden) return;
      const x = Math.round(toPixel(at, span, width));
      context.fillStyle = colour('muted');
      context.fillRect(x, 0, 1, height);
      value.textContent = textAt(at);
      value.style.transform = `translateX(${Math.round(Math.min(Math.max(0, x + 8), width - value.offsetWidth - 2))}px)`;
    };

    for (const lock of locks) {
      draw(
        `[data-lock="${keyOf(lock)}"]`, lockHeight,
        (context) => {
          const [top, height] = [6, lockHeight - 12].map((pixels) => Math.round(pixels * ratio)) as [number, number];
          paintHolding(context, lock.holding, span, current.now, context.canvas.width, top, height);
        },
        (time) => {
          const holder = lock.holding.at(time);
          return holder === 0 ? inLanguage(locksTexts).nobody : threadName(current, processOf(holder), threadOf(holder));
        },
      );
    }
    const stepColours = {
      area: colour('depth'), band: colour('depth-band'), edge: colour('depth-edge'),
      limit: colour('depth-limit'), grid: colour('grid'), text: colour('muted'),
    };
    for (const { steps, limit, note, ...level } of levels) {
      draw(
        `[data-level="${keyOf(level)}"]`, levelHeight,
        (context) => {
          context.setTransform(ratio, 0, 0, ratio, 0, 0);
          paintSteps(context, steps, span, current.now, width, levelHeight, scaleTop(steps.maximum, limit), limit, ratio, colour('font-small'), stepColours);
        },
        (time) => `${count(steps.at(time))} ${note}`,
      );
    }
  });
}
