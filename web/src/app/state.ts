import { batch, computed, signal } from '@preact/signals-core';
import { defaultDemo } from './catalogue.ts';
import type { Catalogue, Demo } from './catalogue.ts';
import { chooseLanguage } from './i18n/index.ts';
import { nonDefaults, readAll } from './parameters.ts';
import type { RawValues } from './parameters.ts';
import type { Moment } from './moment.ts';
import type { OpenRun } from './runs/open_run.ts';
import type { TraceHeader } from '../trace/file.ts';
import { formatAddress, parseAddress } from './url.ts';

export type Phase = 'idle' | 'starting' | 'running' | 'stopping';
export type Theme = 'auto' | 'light' | 'dark';

export type Mode = { kind: 'preparing' } | { kind: 'live' } | { kind: 'recorded'; reason: string; text: string };

/** A message that is not the outcome of a run: an unreadable link or file. */
export type Notice = {
  kind: 'unknownDemo' | 'unknownParameters' | 'unreadable' | 'openFailed' | 'openUnknown' | 'cutOff' | 'machine';
  text: string;
};

export const theme = signal<Theme>('auto');
export const mode = signal<Mode>({ kind: 'preparing' });
export const catalogue = signal<Catalogue | null>(null);
export const demo = signal<Demo | null>(null);
export const raw = signal<RawValues>(new Map());
export const notices = signal<readonly Notice[]>([]);
export const phase = signal<Phase>('idle');
/** Why the last attempt to run was refused; a new object each time. */
export const refusal = signal<{ reason: 'threads' | 'parameters' } | null>(null);
export const openRun = signal<OpenRun | null>(null);

/** Records of a run that is kept beside the one shown. */
export const keptRecords = 500_000;

/** The run before the latest. */
export const former = signal<OpenRun | null>(null);

/** What was run; changes when another run is shown. */
export const shownHeader = computed(() => openRun.value && openRun.value.header);

/** The run as of its cursor: the only access that views have to a run. */
export const moment = (): Moment | null => openRun.value && openRun.value.shown;

/** The run as of its end: for what is drawn along the axis of time, on which a rewind moves the cursor only. */
export const whole = (): Moment | null => openRun.value && openRun.value.at();

/** Whether a recorded run is being fetched, and why there is none. */
export const recorded = signal<{ loading: boolean; failure: string | null }>({ loading: false, failure: null });
/** What the machine has alive; tests check that runs leave nothing behind. */
export const alive = signal<{ processes: number; memories: number; workers: number; standby: string } | null>(null);
/** Changes when there is something new to draw: with every frame of a live run that brought records. */
export const frame = signal(0);
/** As `frame`, but at most ten times a second, for what is read rather than watched. */
export const slowFrame = signal(0);
export const helpOpen = signal(false);
/** Whether character keys without a modifier act on the page. */
export const singleKeys = signal(true);

export interface Span {
  start: number;
  end: number;
}

/** The part of the run's time that is shown; null = all of it. */
export const shown = signal<Span | null>(null);
/** The measured range. */
export const range = signal<Span | null>(null);
/** The moment under the pointer. */
export const pointed = signal<number | null>(null);
/** Whether the visible part follows the end of a live run. */
export const following = signal(true);

export interface Selection {
  process: number;
  thread: number;
  /** Place of the span in the lane, or of the task in its tasks. */
  index: number;
  task: boolean;
}

/** The selected span. */
export const selected = signal<Selection | null>(null);

/** What the whole page looks at. */
export interface Focus {
  /** The cursor: how many records lie before the moment; null = the end. */
  index: number | null;
  /** Of the thread and the object. */
  process: number;
  /** 0 = none. */
  thread: number;
  /** 0 = none. */
  object: number;
}

export const noFocus: Focus = { index: null, process: 0, thread: 0, object: 0 };

/** Changes through `moveFocus` only. */
export const focus = signal(noFocus);

/** Moves the focus; what is not named stays. */
export function moveFocus(to: Partial<Focus>): void {
  const run = openRun.peek();
  batch(() => {
    focus.value = to === noFocus ? noFocus : { ...focus.peek(), ...to };
    if (run) run.cursor.value = focus.peek().index;
  });
}

export const reading = computed(() => (demo.value ? readAll(demo.value, raw.value) : null));

export const address = computed(() => (demo.value ? formatAddress(demo.value.id, nonDefaults(demo.value, raw.value)) : ''));

/** A run's parameters as texts of the form's fields. */
export const rawOf = ({ parameters }: TraceHeader): RawValues =>
  new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));

/** What was chosen for the reader's run that is shown, which the form may have left behind; without one, what the form has. */
export const shownValues = computed((): ReadonlyMap<string, string> => {
  const of = openRun.value;
  if (!demo.value) return new Map();
  return nonDefaults(demo.value, of?.demo === demo.value && of.source !== 'recorded' ? rawOf(of.header) : raw.value);
});

/** Whether the next run would have other parameters than the one shown. */
export const isStale = computed(() => {
  const of = openRun.value;
  if (of?.demo !== demo.value || !of) return false;
  const { values } = readAll(of.demo, rawOf(of.header));
  return of.demo.parameters.some(({ name }) => values.get(name) !== reading.value!.values.get(name));
});

/** Parameters of demos shown before, for the return to them. */
const left = new Map<string, RawValues>();

export function addressOf(other: Demo): string {
  const values = other === demo.value ? raw.value : (left.get(other.id) ?? new Map());
  return formatAddress(other.id, nonDefaults(other, values));
}

export function showRun(next: OpenRun | null): void {
  batch(() => {
    openRun.value = next;
    moveFocus(noFocus);
    shown.value = null;
    following.value = true;
    range.value = null;
    pointed.value = null;
    selected.value = null;
    frame.value += 1;
    slowFrame.value += 1;
  });
}

export function setRaw(name: string, text: string): void {
  raw.value = new Map(raw.value).set(name, text);
}

export function resetRaw(name?: string): void {
  const next = name === undefined ? new Map<string, string>() : new Map(raw.value);
  if (name !== undefined) next.delete(name);
  raw.value = next;
}

export function dismiss(notice: Notice): void {
  notices.value = notices.value.filter((other) => other !== notice);
}

/**
 * Applies an address. An unknown demo or parameter gives a notice; a value that is not
 * accepted stays in its field and is refused there.
 */
export function follow(hash: string): void {
  const known = catalogue.value;
  if (!known) return;
  const parsed = parseAddress(hash);
  const found: Notice[] = [];
  if (parsed.problem) found.push({ kind: 'unreadable', text: parsed.problem });
  const named = known.demos.find((candidate) => candidate.id === parsed.demo);
  if (parsed.demo !== '' && !named) found.push({ kind: 'unknownDemo', text: parsed.demo });
  const first = defaultDemo(known.demos);
  const next = named ?? (parsed.problem || parsed.demo !== '' ? first : (demo.value ?? first)) ?? null;
  const values = new Map<string, string>();
  let isLooked = false;
  if (named) {
    const strange: string[] = [];
    for (const [name, text] of parsed.values) {
      if (named.parameters.some((parameter) => parameter.name === name)) values.set(name, text);
      else if (name.startsWith('.')) isLooked = true;
      else strange.push(name);
    }
    if (strange.length > 0) found.push({ kind: 'unknownParameters', text: strange.join(', ') });
  }
  batch(() => {
    if (demo.value && demo.value !== next) left.set(demo.value.id, raw.value);
    demo.value = next;
    raw.value = values;
    notices.value = found;
  });
  if (parsed.language) void chooseLanguage(parsed.language);
  if (isLooked) void import('./link.ts').then(({ look }) => look(parsed.values));
}
