/** What somebody at the page sees. Everything is read from the document. */

import { drawn, frame, until } from './wait.ts';

const one = <E extends Element>(selector: string, within: ParentNode = document): E => {
  const found = within.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
};

const textOf = (element: Element | null | undefined) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const isVisible = (element: Element | null) => element instanceof HTMLElement && element.checkVisibility();
/** `1,234` and `1 234` are numbers for people. */
const numberOf = (text: string) => Number(text.replace(/[^\d.-]/g, '') || NaN);

/** The root element says what the page is doing. */
export const root = () => document.documentElement.dataset;

export const stateText = () => textOf(document.querySelector('#state .state-text'));
export const stateKind = () => document.querySelector<HTMLElement>('#state')?.dataset.kind ?? '';
export const isRunEnabled = () => one('#run').getAttribute('aria-disabled') === 'false';
export const isStopEnabled = () => !one<HTMLButtonElement>('#stop').disabled;

export async function untilLive(): Promise<void> {
  await until('the page has threads', () => root().mode === 'live');
  await untilLoaded();
}

/** Views that this run needs, or that were asked for, are there. What is drawn asks for its scripts then, not before. */
export async function untilLoaded(): Promise<void> {
  await drawn();
  await until('no view is on its way', () => (root().loading ?? '0') === '0');
}

export async function untilIdle(): Promise<void> {
  await until('the run has ended', () => root().state === 'idle');
  await untilLoaded();
  await drawn();
}

export const losses = () => [...document.querySelectorAll('.loss')].map(textOf);

export function fieldText(name: string): string {
  const first = document.getElementById(`field-${name}`) as HTMLInputElement | HTMLSelectElement | null;
  if (!first) throw new Error(`there is no field ${name}`);
  if (first instanceof HTMLSelectElement) return first.value;
  if (first.type === 'radio') return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? '';
  return first.type === 'checkbox' ? String(first.checked) : first.value;
}

export const hasField = (name: string) => document.getElementById(`field-${name}`) !== null;

/** Names and texts of the demo's own fields, without the options that every demo has. */
export function form(): Record<string, string> {
  const names = [...document.querySelectorAll<HTMLElement>('#form .fields > [data-parameter]')].map((each) => each.dataset.parameter!);
  return Object.fromEntries(names.map((name) => [name, fieldText(name)]));
}

/** What is said to be wrong beside the field; null if nothing is. */
export function errorBeside(name: string): string | null {
  const error = document.getElementById(`error-${name}`);
  return isVisible(error) && textOf(error) !== '' ? textOf(error) : null;
}

export const isMarkedInvalid = (name: string) => document.querySelector(`[data-parameter="${name}"]`)!.classList.contains('invalid');

export interface Line {
  /** Name of the thread that printed it. */
  thread: string;
  text: string;
  isError: boolean;
}

/** How many lines the console has, whether they are in sight or not. */
export const lineCount = () => {
  const text = textOf(document.querySelector('#console .panel-head .count'));
  return text === '' ? 0 : numberOf(text);
};

/** Shows a view that is one of several in the pane below the picture. */
export async function showTab(view: string): Promise<void> {
  document.getElementById(`tab-of-${view}`)?.click();
  await drawn();
}

/** Views that have a tab now. */
export const tabs = () =>
  [...document.querySelectorAll<HTMLElement>('#tabs [role="tab"]')].map((tab) => tab.getAttribute('aria-controls')!);

/** All lines of the console, read by scrolling through it: rows out of sight are not in the document. */
export async function consoleLines(): Promise<Line[]> {
  await showTab('console');
  const body = one<HTMLElement>('#console .console-body');
  const found = new Map<number, Line>();
  const take = () => {
    for (const row of body.querySelectorAll<HTMLElement>('.line')) {
      const top = numberOf(/translateY\(([^)]*)\)/.exec(row.style.transform)?.[1] ?? '');
      found.set(top, {
        thread: one<HTMLElement>('.line-thread', row).title,
        text: one('.line-text', row).textContent ?? '',
        isError: row.classList.contains('line-error'),
      });
    }
  };
  body.scrollTop = 0;
  for (;;) {
    for (let frames = 0; frames < 3; frames += 1) await frame();
    take();
    const before = body.scrollTop;
    body.scrollTop += body.clientHeight * 0.9;
    if (body.scrollTop === before) break;
  }
  return [...found].sort(([a], [b]) => a - b).map(([, line]) => line);
}

/** Names on the timeline, a lane each. */
export const lanes = () => [...document.querySelectorAll<HTMLElement>('#timeline .names li')].map((each) => each.title);

/** Names of the processes that lanes are grouped by. */
export const processHeads = () => [...document.querySelectorAll('#timeline .process-head .name')].map(textOf);

/** Names of the locks that have a track, sorted. */
export const lockNames = () =>
  [...document.querySelectorAll<HTMLElement>('#timeline [data-track^=lock] .name')].map((each) => each.title).sort();

export interface ShownProcess {
  name: string;
  state: string;
  exitCode: string;
}

/** The process tree, a row each. */
export const processTree = (): ShownProcess[] =>
  [...document.querySelectorAll('#processes tbody tr')].map((row) => {
    const cells = [...row.children].map(textOf);
    return { name: cells[0]!, state: cells[3]!, exitCode: cells[4]! };
  });

/** The rows of a table that the demo fills, cell by cell. */
export const tableRows = (name: string): string[][] =>
  [...document.querySelectorAll(`#tables [data-table="${name}"] tbody tr`)].map((row) => [...row.children].map(textOf));

/** The pixels of a canvas; read from a copy, as reading a canvas changes how the browser draws on it. */
function pixelsOf(canvas: HTMLCanvasElement, top = 0, height = canvas.height): Uint8ClampedArray {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = height;
  const context = copy.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(canvas, 0, -top);
  return context.getImageData(0, 0, copy.width, height).data;
}

/** Whether anything is drawn in each lane. */
export async function paintedLanes(): Promise<boolean[]> {
  await drawn();
  const names = [...document.querySelectorAll<HTMLElement>('#timeline .names li')];
  const canvas = one<HTMLCanvasElement>('#timeline canvas.rows');
  const scroller = one<HTMLElement>('#timeline .lanes');
  const painted: boolean[] = [];
  for (const name of names) {
    scroller.scrollTop = Math.max(0, name.offsetTop - scroller.clientHeight / 2);
    await drawn();
    const box = canvas.getBoundingClientRect();
    const lane = name.getBoundingClientRect();
    const scale = canvas.height / box.height;
    const top = Math.max(0, Math.ceil((lane.top - box.top) * scale));
    const height = Math.max(1, Math.min(canvas.height - top, Math.floor(lane.height * scale) - 1));
    const data = pixelsOf(canvas, top, height);
    // The lines of the axis go through every lane, so it takes more than one colour's worth of pixels.
    let opaque = 0;
    for (let index = 3; index < data.length; index += 4) if (data[index]! > 200) opaque += 1;
    painted.push(opaque > height * 2);
  }
  return painted;
}

/** What the timeline's table says: the time of each thread in each state. */
export async function timelineTable(): Promise<Record<string, Record<string, string>>> {
  one<HTMLElement>('#timeline-table').click();
  await until('the timeline is a table', () => document.querySelector('#timeline table') !== null);
  await drawn();
  const table = one('#timeline table');
  const heads = [...table.querySelectorAll('thead th')].map(textOf);
  const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map(textOf));
  one<HTMLElement>('#timeline-table').click();
  await drawn();
  return Object.fromEntries(rows.map((cells) => [cells[0]!, Object.fromEntries(heads.map((head, place) => [head, cells[place]!]))]));
}

export interface Counter {
  name: string;
  capacity: string;
  most: number;
  now: number;
  put: number;
  taken: number;
}

/** The table of the queues. */
export function counters(): Counter[] {
  return [...document.querySelectorAll('#counters tbody tr')].map((row) => {
    const [name, capacity, most, now, put, taken] = [...row.children].map(textOf);
    return {
      name: name!,
      capacity: capacity!,
      most: numberOf(most!),
      now: numberOf(now!),
      put: numberOf(put!),
      taken: numberOf(taken!),
    };
  });
}

/** The name that a chart gives itself for those who cannot see it. */
export const chartLabels = () =>
  [...document.querySelectorAll('#timeline :is([data-track^=queue], [data-track^=pipe], [data-track^=tasks]) .stage')].map(
    (stage) => stage.getAttribute('aria-label') ?? '',
  );

export const results = () =>
  Object.fromEntries(
    [...document.querySelectorAll<HTMLElement>('#results [data-result]')].map((card) => [card.dataset.result!, card.dataset.value!]),
  );

export const checks = () =>
  Object.fromEntries(
    [...document.querySelectorAll<HTMLElement>('#results [data-check]')].map((check) => [
      check.dataset.check!,
      check.dataset.holds === 'true',
    ]),
  );

/** Exceptions that nobody caught. */
export const uncaught = () => [...document.querySelectorAll('#results .uncaught li')].map(textOf);

/** What the page knows of a crash. */
export const crashTexts = () => [...document.querySelectorAll('.crash-text')].map(textOf);

export interface Picture {
  width: number;
  height: number;
  /** Pixels that something was drawn on. */
  opaque: number;
  /** Of the brightness of all pixels. */
  hash: string;
}

export const hasPicture = () => document.getElementById('image')?.hidden === false && document.querySelector('#image canvas') !== null;

/** The picture without the workers' colours. */
export async function picture(): Promise<Picture> {
  const tint = one<HTMLInputElement>('#image input[type="checkbox"]');
  if (tint.checked) tint.click();
  await drawn();
  const canvas = one<HTMLCanvasElement>('#image canvas');
  const { width, height } = canvas;
  const data = pixelsOf(canvas);
  let opaque = 0;
  const brightness = new Uint8Array(width * height);
  for (let pixel = 0; pixel < brightness.length; pixel += 1) {
    if (data[pixel * 4 + 3] === 255) opaque += 1;
    brightness[pixel] = data[pixel * 4]!;
  }
  tint.click();
  await drawn();
  const digest = await crypto.subtle.digest('SHA-256', brightness);
  return { width, height, opaque, hash: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** Tiles that each worker has made. */
export const pictureLegend = () =>
  [...document.querySelectorAll('#image .picture-legend li')].map((entry) => ({
    name: entry.textContent!.trim().split(/\s+/)[0]!,
    tiles: numberOf(textOf(entry.querySelector('.muted'))),
  }));

/** Figures about the executor's tasks by name. */
export const taskFigures = () =>
  Object.fromEntries(
    [...document.querySelectorAll<HTMLElement>('#tasks [data-figure]')].map((card) => [
      card.dataset.figure!,
      textOf(card.querySelector('dd')),
    ]),
  );

/** Tasks done by each worker. */
export const taskWorkers = () =>
  [...document.querySelectorAll('#tasks tbody tr')]
    .filter((row) => !row.closest('details'))
    .map((row) => ({
      name: textOf(row.children[0]),
      tasks: numberOf(textOf(row.children[1])),
    }));

export const notices = () =>
  [...document.querySelectorAll<HTMLElement>('#notices .notice')].map((notice) => ({
    kind: notice.dataset.notice ?? notice.id,
    reason: notice.dataset.reason ?? '',
    text: textOf(notice),
  }));
