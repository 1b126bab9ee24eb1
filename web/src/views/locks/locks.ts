import { html, nothing, render } from 'lit-html';
import { formatInteger, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { processOf, threadOf } from '../../folds/fold.ts';
import { Gates } from '../../folds/gates.ts';
import { Holders } from '../../folds/holders.ts';
import type { LockHistory } from '../../folds/holders.ts';
import type { Steps } from '../../folds/steps.ts';
import { paintSteps } from '../kit/steps_painter.ts';
import { meter } from '../kit/figures.ts';
import { measured } from '../kit/measured.ts';
import { paintHolding } from '../kit/holding_painter.ts';
import { table } from '../kit/table.ts';
import { objectName, threadLabel, threadName } from '../kit/threads.ts';
import { offerTracks } from '../kit/track.ts';
import type { Track } from '../kit/track.ts';
import { firstSharedObject } from '../../trace/kinds.ts';
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
        measured(Math.max(lock.longest, open)),
      ];
    }),
    t.caption,
  );
}

/** The process whose own it is; 0 = it is shared. */
const ownerOf = (process: number, object: number) => (object < firstSharedObject ? process : 0);

function lockTrack(current: Moment, { process, object, holding }: LockHistory, name: string, holder: string): Track {
  const t = inLanguage(locksTexts);
  return {
    key: `lock-${process}-${object}`,
    process: ownerOf(process, object),
    name,
    label: t.label(name, holder),
    size: 'low',
    paint: (canvas) => {
      const inset = canvas.height > 24 ? 6 : 4;
      paintHolding(canvas, holding, inset, canvas.height - 2 * inset);
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
    label: inLanguage(locksTexts).level(name, `${count(steps.last)} ${note}`),
    size: 'tall',
    paint: (canvas) => paintSteps(canvas, steps, limit),
    textAt: (time) => `${count(steps.at(time))} ${note}`,
  };
}

/** Who holds which lock, the free permits of semaphores and the waiters at barriers: tracks of the timeline, and a table of locks. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(locksTexts);
    const current = moment();
    const allLocks = current ? locksOf(current) : [];
    const allLevels = current ? levelsOf(current) : [];
    const locks = allLocks.slice(0, mostLanes);
    const names = current ? laneNames(current, locks) : [];
    const tracks = current
      ? [
          ...locks.map((lock, place) => lockTrack(current, lock, names[place]!, holderText(current, lock))),
          ...allLevels.slice(0, mostLanes).map((level) => levelTrack(current, level)),
        ]
      : [];
    offerTracks(30, tracks);
    const hidden = allLocks.length + allLevels.length - tracks.length;
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
