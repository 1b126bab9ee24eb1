import { html } from 'lit-html';
import type { Moment } from '../../app/moment.ts';
import { endOfName, shortName } from '../../app/format.ts';
import { firstSharedObject } from '../../trace/kinds.ts';

/** The colours of thread marks and how many dashings they come in before they repeat. */
export const threadColours = 7;
const dashings = 3;

/**
 * The mark of a thread, the same in every view. Thread 1 of process 1 is the main thread and neutral; the others take
 * the colours in turn, dashed differently on each round: further threads in process 1, a process each in the others,
 * whose own threads go on from there.
 */
export function threadMark(process: number, thread: number): { colour: number; dash: number } {
  if (process <= 1 && thread <= 1) return { colour: -1, dash: 0 };
  const place = process <= 1 ? thread - 2 : process - 2 + Math.max(0, thread - 1) * 3;
  return { colour: place % threadColours, dash: Math.floor(place / threadColours) % dashings };
}

export function markClass(process: number, thread: number): string {
  const { colour, dash } = threadMark(process, thread);
  return `mark mark-${colour < 0 ? 'main' : colour}${dash > 0 ? ` mark-dash-${dash}` : ''}`;
}

export function processName(moment: Moment, process: number): string {
  const object = moment.processes.find(process)?.object;
  const name = object ? moment.objectName(process, object) : undefined;
  return name ?? (process === 1 ? 'MainProcess' : `Process ${process}`);
}

/** Its name among the threads of its process. */
export function ownName(moment: Moment, process: number, thread: number): string {
  return moment.threadName(process, thread) ?? (thread === 1 ? 'main' : `thread ${thread}`);
}

/** Its name among all threads of the run: where there are several processes, that of its process if it is the main thread of it. */
export function threadName(moment: Moment, process: number, thread: number): string {
  const own = ownName(moment, process, thread);
  if (!moment.processes.areSeveral) return own;
  const of = processName(moment, process);
  return thread <= 1 ? of : `${of} · ${own}`;
}

/** A thread's mark and name. */
export function threadLabel(moment: Moment, process: number, thread: number) {
  return html`<span class=${markClass(process, thread)}></span>${threadName(moment, process, thread)}`;
}

export function threadShortName(moment: Moment, process: number, thread: number): string {
  const own = ownName(moment, process, thread);
  if (!moment.processes.areSeveral) return shortName(own);
  const of = processName(moment, process);
  return thread <= 1 ? shortName(of, 11) : `${shortName(of, 4)} · ${shortName(own, 4)}`;
}

/** Its name among all objects of the run: where there are several processes, each may have one of that name. */
export function objectName(moment: Moment, process: number, object: number): string {
  const own = moment.objectName(process, object) ?? `#${object}`;
  return moment.processes.areSeveral && object < firstSharedObject ? `${processName(moment, process)} · ${own}` : own;
}

/** The inside of a `name`, which is cut before its end where there is no room: what tells names apart stands there. */
export function cut(name: string) {
  const end = endOfName(name);
  return html`<span>${name.slice(0, end)}</span><span>${name.slice(end)}</span>`;
}

/** A name left of its lane: seen as far as there is room, read in full. */
export function laneName(name: string, limit: number) {
  return html`<span class="visually-hidden">${name}</span><span class="name" aria-hidden="true">${cut(name)}</span><span class="short-name" aria-hidden="true">${shortName(name, limit)}</span>`;
}
