import { batch, effect } from '@preact/signals-core';
import { defaultText } from './parameters.ts';
import { language } from './i18n/index.ts';
import { panes, tab } from './layout.ts';
import { limitsOf } from './limits.ts';
import { readPreference } from './preferences.ts';
import { demo, focus, following, moveFocus, openRun, phase, reading, selected, shown, shownValues } from './state.ts';
import type { Selection, Span } from './state.ts';
import type { OpenRun } from './runs/open_run.ts';
import { formatAddress } from './url.ts';

/*
 * How a run is looked at, in a link:
 *   .lang    the language
 *   .panes   sizes of the panes left, below and right in CSS pixels: 0 if it is folded, nothing if nobody resized it
 *   .tab     the tab that was chosen, by the id of its view
 *   .window  the part of the run's time that is shown, in ms from its first: 12.5-40
 *   .focus   the selected span: process-thread-place in the thread's lane, with a t before the place of a task
 *   .at      the number of records before the moment shown
 * The last three are about a run. They are applied to the first run that was made with the link's parameters.
 */

/** Whether the run was made with what the form has now. */
function isOfForm({ demo: of, header }: OpenRun): boolean {
  if (of !== demo.value || !reading.value || reading.value.problems.size > 0) return false;
  return of.parameters.every((parameter) => {
    const { name } = parameter;
    const value = reading.value!.values.get(name);
    return value === undefined || String(value) === String(header.parameters[name] ?? defaultText(parameter));
  });
}

const milliseconds = (ns: number) => String(Number((ns / 1e6).toFixed(4)));

/** The link to what is shown, as an address within the page: to the run that is shown, whatever the form has by now. */
export function linkOfAll(): string {
  const look = new Map<string, string>([['.lang', language.value]]);
  const sizes = panes.map(({ name, size, isFolded }) => {
    const isMoved = readPreference(`pane.${name}`) !== null;
    return isMoved ? String(isFolded.value ? 0 : size.value) : '';
  });
  if (sizes.some((size) => size !== '')) look.set('.panes', sizes.join('.'));
  if (tab.value !== null) look.set('.tab', tab.value);
  const run = openRun.value;
  // The values are those of the form beside a run that came with the page: its window is none of another run.
  if (run && run.demo === demo.value && (run.source !== 'recorded' || isOfForm(run))) {
    const { start } = run.at();
    if (shown.value) look.set('.window', `${milliseconds(shown.value.start - start)}-${milliseconds(shown.value.end - start)}`);
    if (selected.value) {
      const { process, thread, index, task } = selected.value;
      look.set('.focus', `${process}-${thread}-${task ? 't' : ''}${index}`);
    }
    if (focus.value.index !== null) look.set('.at', String(focus.value.index));
  }
  return demo.value ? formatAddress(demo.value.id, new Map([...shownValues.value, ...look])) : '';
}

function arrange(look: ReadonlyMap<string, string>): void {
  const chosen = look.get('.tab');
  if (chosen && /^\w+$/.test(chosen)) tab.value = chosen;
  // The sizes that the reader has chosen here before stay remembered.
  for (const [place, text] of (look.get('.panes') ?? '').split('.').entries()) {
    const pane = panes[place];
    if (!pane || !/^\d{1,4}$/.test(text)) continue;
    pane.isFolded.value = Number(text) === 0;
    if (Number(text) > 0) pane.size.value = Math.max(pane.least, Number(text));
  }
}

/** The part of the run that the text names, as far as the run has it; null if it has none of it. */
export function windowIn(text: string, start: number, end: number): Span | null {
  const [, from, to] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const span = { start: start + Number(from) * 1e6, end: Math.min(limitsOf(start, end).end, start + Number(to) * 1e6) };
  return span.end > span.start ? span : null;
}

export function focusIn(text: string): Selection | null {
  const [, process, thread, task, index] = /^(\d{1,5})-(\d{1,8})-(t?)(\d{1,9})$/.exec(text) ?? [];
  return index === undefined ? null : { process: Number(process), thread: Number(thread), index: Number(index), task: task === 't' };
}

function turnTo(run: OpenRun, look: ReadonlyMap<string, string>): void {
  const { start, now } = run.at();
  const at = look.get('.at') ?? '';
  batch(() => {
    const span = windowIn(look.get('.window') ?? '', start, now);
    if (span) {
      shown.value = span;
      following.value = false;
    }
    const spot = focusIn(look.get('.focus') ?? '');
    selected.value = spot ?? selected.value;
    // A span that is selected without a moment is looked at as of the end.
    if (/^\d{1,9}$/.test(at)) moveFocus({ index: Number(at), ...(spot && { process: spot.process, thread: spot.thread }) });
  });
}

/** Counts the links that were followed: the one before is forgotten. */
let generation = 0;

/** Looks at the page as a link says. */
export function look(at: ReadonlyMap<string, string>): void {
  const mine = ++generation;
  const of = demo.value;
  batch(() => arrange(at));
  if (!['.window', '.focus', '.at'].some((name) => at.has(name))) return;
  let isDone = false;
  const dispose = effect(() => {
    if (isDone) return;
    const run = openRun.value;
    isDone = mine !== generation || demo.value !== of;
    if (isDone || !run || phase.value !== 'idle' || run.behind.value || !isOfForm(run)) return;
    isDone = true;
    // Not within the effect, which would run again with all that is read there.
    queueMicrotask(() => turnTo(run, at));
  });
  if (isDone) dispose();
}
