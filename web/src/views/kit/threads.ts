import { html } from 'lit-html';
import type { Session } from '../../app/session.ts';
import { shortName } from '../../app/format.ts';

/** The colours of thread marks and how many dashings they come in before they repeat. */
export const threadColours = 7;
const dashings = 3;

/**
 * The mark of a thread, the same in every view. Thread 1 is the main thread and neutral; the others take the
 * colours in turn, dashed differently on each round.
 */
export function threadMark(process: number, thread: number): { colour: number; dash: number } {
  if (thread <= 1) return { colour: -1, dash: 0 };
  const place = thread - 2 + (process - 1) * 3;
  return { colour: place % threadColours, dash: Math.floor(place / threadColours) % dashings };
}

export function markClass(process: number, thread: number): string {
  const { colour, dash } = threadMark(process, thread);
  return `mark mark-${colour < 0 ? 'main' : colour}${dash > 0 ? ` mark-dash-${dash}` : ''}`;
}

export function threadName(session: Session, process: number, thread: number): string {
  return session.trace.threadName(process, thread) ?? (thread === 1 ? 'main' : `thread ${thread}`);
}

/** A thread's mark and name. */
export function threadLabel(session: Session, process: number, thread: number) {
  return html`<span class=${markClass(process, thread)}></span>${threadName(session, process, thread)}`;
}

export function threadShortName(session: Session, process: number, thread: number): string {
  return shortName(threadName(session, process, thread));
}

export function objectName(session: Session, process: number, object: number): string {
  return session.trace.objectName(process, object) ?? `#${object}`;
}
