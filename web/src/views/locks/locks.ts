import { html, nothing, render } from 'lit-html';
import { formatInteger, formatMeasured, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, moveFocus, slowFrame, whole } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { ownerOf, processOf, threadOf } from '../../folds/fold.ts';
import { Gates } from '../../folds/gates.ts';
import { Holders } from '../../folds/holders.ts';
import type { LockHistory } from '../../folds/holders.ts';
import type { Steps } from '../../folds/steps.ts';
import { paintSteps } from '../kit/steps_painter.ts';
import { meter } from '../kit/figures.ts';
import { paintHolding } from '../kit/holding_painter.ts';
import { table } from '../kit/table.ts';
import { objectName, threadLabel, threadName } from '../kit/threads.ts';
import { offerTracks } from '../kit/track.ts';
import type { Track } from '../kit/track.ts';
import { locksTexts } from './texts.ts';

/** Locks and levels with a track; the others are in the table. */
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
      process,
      object,
      steps: value,
      limit: Number.isNaN(initial) ? 0 : initial,
      note: t.semaphore,
    })),
    ...barriers.map(({ process, object, waiting, parties, broken }) => ({
      process,
      object,
      steps: waiting,
      limit: parties,
      note: broken ? t.broken : t.barrier(count(parties)),
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

/** Locks that were acquired at least once, by name. */
function locksOf(current: Moment): LockHistory[] {
  const nameOf = ({ process, object }: LockHistory) => objectName(current, process, object);
  return current
    .fold(Holders)
    .locks.filter((lock) => lock.acquisitions > 0)
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
      { head: t.lock },
      { head: t.heldBy },
      { head: t.times, figure: true },
      { head: t.share, hint: t.shareHint },
      { head: t.longest, figure: true },
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
        formatMeasured(Math.max(lock.longest, open), language.value),
      ];
    }),
    t.caption,
    (row) => () => showLock(locks[row]!),
  );
}

/** Takes the focus to a lock and who holds it. */
function showLock({ process, object, holding: { holder }, readers }: LockHistory): void {
  const thread = holder || [...readers.keys()][0];
  moveFocus(thread ? { process: processOf(thread), thread: threadOf(thread), object } : { process, thread: 0, object });
}

function lockTrack(current: Moment, { process, object, holding }: LockHistory, name: string, holder: string): Track {
  const t = inLanguage(locksTexts);
  return {
    key: `lock-${process}-${object}`,
    process: ownerOf(process, object),
    name,
    subject: { process, object },
    label: t.label(name, holder),
    size: 'low',
    paint: (canvas) => {
      const inset = canvas.height > 24 ? 6 : 4;
      paintHolding(canvas, holding, inset, canvas.height - 2 * inset);
    },
    focusAt: (time) => {
      const holder = holding.at(time);
      return holder === 0 ? {} : { process: processOf(holder), thread: threadOf(holder) };
    },
    textAt: (time) => {
      const at = holding.at(time);
      return at === 0 ? t.nobody : threadName(current, processOf(at), threadOf(at));
    },
  };
}

function levelTrack(current: Moment, { process, object, steps, limit, note }: Level): Track {
  const name = objectName(current, process, object);
  return {
    key: `level-${process}-${object}`,
    process: ownerOf(process, object),
    name,
    note,
    subject: { process, object },
    label: inLanguage(locksTexts).level(name, `${count(steps.last)} ${note}`),
    size: 'tall',
    paint: (canvas) => paintSteps(canvas, steps, limit),
    textAt: (time) => `${count(steps.at(time))} ${note}`,
  };
}

/** Offers the tracks of the whole run, and returns how many locks, semaphores and barriers have none. */
function offer(): number {
  const run = whole();
  const locks = run ? locksOf(run) : [];
  const levels = run ? levelsOf(run) : [];
  const drawn = locks.slice(0, mostLanes);
  const names = run ? laneNames(run, drawn) : [];
  const tracks = run
    ? [
        ...drawn.map((lock, place) => lockTrack(run, lock, names[place]!, holderText(run, lock))),
        ...levels.slice(0, mostLanes).map((level) => levelTrack(run, level)),
      ]
    : [];
  offerTracks(30, tracks);
  return locks.length + levels.length - tracks.length;
}

/** Who holds which lock, the free permits of semaphores and the waiters at barriers: tracks of the timeline, and a table of locks. */
export function mount(root: HTMLElement): void {
  let hidden = 0;
  drawWhenChanged(() => {
    void slowFrame.value;
    hidden = offer();
  });
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(locksTexts);
    const current = moment();
    const allLocks = current ? locksOf(current) : [];
    root.hidden = allLocks.length === 0;
    render(
      current && !root.hidden
        ? html`
            <section class="panel locks" aria-labelledby="locks-title">
              <div class="panel-head"><h2 id="locks-title">${t.title}</h2><span class="muted">${hidden > 0 ? t.more(count(hidden)) : t.laneHint}</span></div>
              ${lockTable(current, allLocks)}
            </section>
          `
        : nothing,
      root,
    );
  });
}
