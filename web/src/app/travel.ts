import { effect, signal, untracked } from '@preact/signals-core';
import type { Trace } from '../trace/columns.ts';
import { matches } from './commands.ts';
import type { Command, Key, Pressed as Plain } from './commands.ts';
import { atRecord, atTime, stepped } from './focus.ts';
import type { Along } from './focus.ts';
import { onEveryFrame } from './scheduler.ts';
import { focus, moment, moveFocus, noFocus, openRun, range, selected, whole } from './state.ts';
import type { Focus } from './state.ts';

/*
 * Going back and forth in a run: loaded when the focus is first moved.
 */

export type TravelId =
  | 'previousRecord'
  | 'nextRecord'
  | 'previousOfAny'
  | 'nextOfAny'
  | 'previousOfObject'
  | 'nextOfObject'
  | 'toStart'
  | 'toEnd'
  | 'mark'
  | 'measure'
  | 'play';

export interface TravelCommand extends Command<TravelId> {
  keys: readonly (Key & { shift?: boolean })[];
}

/**
 * Single signs act on the whole page, the others while the timeline or the pane of the moment has the focus of the keyboard. A sign
 * that is typed goes before a place on the keyboard.
 */
export const travelCommands: readonly TravelCommand[] = [
  { id: 'previousRecord', single: true, keys: [{ key: ',' }] },
  { id: 'nextRecord', single: true, keys: [{ key: '.' }] },
  { id: 'previousOfAny', single: true, keys: [{ key: '<' }, { code: 'Comma', shift: true }] },
  { id: 'nextOfAny', single: true, keys: [{ key: '>' }, { code: 'Period', shift: true }] },
  { id: 'previousOfObject', single: true, keys: [{ key: '[' }] },
  { id: 'nextOfObject', single: true, keys: [{ key: ']' }] },
  { id: 'toStart', keys: [{ code: 'Home' }] },
  { id: 'toEnd', keys: [{ code: 'End' }] },
  { id: 'mark', keys: [{ code: 'KeyM' }] },
  { id: 'measure', keys: [{ code: 'KeyR' }] },
  { id: 'play', keys: [{ code: 'Space' }] },
];

type Pressed = Plain & Pick<KeyboardEvent, 'shiftKey'>;

/** The command for a key press; on the page only signs count. */
export function travelCommandFor(event: Pressed, on: 'page' | 'timeline'): TravelId | null {
  const found = travelCommands.find(
    ({ single, keys }) => (single || on === 'timeline') && keys.some((key) => matches(key, event) && (!key.shift || event.shiftKey)),
  );
  return found?.id ?? null;
}

/** The records of the run that is shown. */
const records = (): Trace | null => openRun.peek()?.trace ?? null;

/** How fast a run is played: run time a time of the clock on the wall. */
export const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10];
export const speed = signal(1);
export const isPlaying = signal(false);

/** Times that the reader has marked, ascending. */
export const marked = signal<readonly number[]>([]);

/** The time that the focus was last taken to, in the span from the moment's last record to the next. */
const chosen = signal<{ index: number | null; time: number } | null>(null);

/** The time of the focus: where the axis was pointed at, else that of the last record before the moment. */
export function focusTime(): number {
  const { index } = focus.value;
  return chosen.value?.index === index ? chosen.value.time : (moment()?.now ?? 0);
}

export function moveToTime(time: number, to: Partial<Focus> = {}): void {
  const trace = records();
  const run = whole();
  if (!trace || !run) return;
  const moved = atTime(trace, { ...focus.peek(), ...to }, time);
  chosen.value = { index: moved.index, time: Math.max(run.start, Math.min(time, run.now)) };
  moveFocus(moved);
}

/** Moves the focus to a record, by its place in the trace. */
export function moveToRecord(record: number): void {
  const trace = records();
  if (trace && record >= 0 && record < trace.length) moveFocus(atRecord(trace, focus.peek(), record));
}

function step(by: 1 | -1, along: Along): void {
  const trace = records();
  const next = trace && stepped(trace, focus.peek(), by, along);
  if (next) moveFocus(next);
}

/** Goes on from the focus as the run did, `speed` times as fast, to its end. */
export function play(): void {
  if (isPlaying.peek() || !whole()) return;
  isPlaying.value = true;
  const { start } = whole()!;
  if (focus.peek().index === null) moveToTime(start);
  let before = performance.now();
  const shown = openRun.peek();
  const stop = onEveryFrame(() => {
    const now = performance.now();
    if (openRun.peek() !== shown || focus.peek().index === null) isPlaying.value = false;
    if (isPlaying.peek()) {
      moveToTime(untracked(focusTime) + (now - before) * 1e6 * speed.peek());
      isPlaying.value = focus.peek().index !== null;
    }
    if (!isPlaying.peek()) stop();
    before = now;
  });
}

export const pause = (): void => {
  isPlaying.value = false;
};

/** Marks the time of the focus, or takes the mark away. */
function mark(): void {
  const time = untracked(focusTime);
  const others = marked.peek().filter((each) => each !== time);
  marked.value = others.length < marked.peek().length ? others : [...others, time].sort((a, b) => a - b);
}

/** Measures from the mark that is next to the focus; without one, from the start. */
function measure(): void {
  const time = untracked(focusTime);
  const distance = (each: number) => Math.abs(each - time);
  const from = marked.peek().toSorted((a, b) => distance(a) - distance(b))[0] ?? whole()?.start ?? 0;
  range.value = { start: Math.min(from, time), end: Math.max(from, time) };
}

const acts: Record<TravelId, () => void> = {
  previousRecord: () => step(-1, 'thread'),
  nextRecord: () => step(1, 'thread'),
  previousOfAny: () => step(-1, 'any'),
  nextOfAny: () => step(1, 'any'),
  previousOfObject: () => step(-1, 'object'),
  nextOfObject: () => step(1, 'object'),
  toStart: () => moveFocus({ index: records()?.length ? 1 : null }),
  toEnd: () => moveFocus({ index: null }),
  mark,
  measure,
  play: () => (isPlaying.peek() ? pause() : play()),
};

export function perform(command: TravelId): void {
  if (command !== 'play') pause();
  acts[command]();
}

/** Acts on a key press, if it is one of these. */
export function pressTravelKey(event: Pressed, on: 'page' | 'timeline'): boolean {
  const command = travelCommandFor(event, on);
  if (command) perform(command);
  return command !== null;
}

/** Ends the journey: the page shows the end of the run, and looks at nothing. */
export function leave(): void {
  pause();
  moveFocus(noFocus);
}

/** The span that the focus' thread is in is selected, unless a task of it is. */
effect(() => {
  const { index, process, thread } = focus.value;
  const current = moment();
  if (index === null || thread === 0 || !current) return;
  untracked(() => {
    const lane = current.lanes.find(process, thread);
    if (!lane) return;
    const before = selected.peek();
    if (before?.task && before.process === process && before.thread === thread && lane.taskAt(current.now, current.now) === before.index)
      return;
    const at = lane.count - 1;
    if (before?.process !== process || before.thread !== thread || before.index !== at || before.task)
      selected.value = { process, thread, index: at, task: false };
  });
});

/** Marks belong to a run. */
effect(() => {
  void openRun.value;
  untracked(() => {
    marked.value = [];
    pause();
  });
});
