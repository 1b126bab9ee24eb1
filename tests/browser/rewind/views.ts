import { chooseLanguage } from '../../../web/src/app/i18n/index.ts';
import { OpenRun } from '../../../web/src/app/runs/open_run.ts';
import { demo, mode, selected, showRun } from '../../../web/src/app/state.ts';
import { views } from 'weft:views';
import type { FakeRecord } from '../../web/support/fake_records.ts';
import { randomRun } from '../../web/support/fake_records.ts';
import { pool } from '../../web/support/demos.ts';
import { TraceWriter } from '../../web/support/trace_writer.ts';

/** All views in one script, without the program: the page of the test is the page's own HTML and style. */

/** Views that show the run, those of the first script first, as on the page; but for the one that is there at a moment only. */
const shown = views
  .filter(({ id, place }) => place && !['intro', 'form', 'notices', 'notes', 'moment'].includes(id))
  .sort((a, b) => Number('load' in a) - Number('load' in b));

const element = (id: string) => document.getElementById(id)!;

function runOf(list: FakeRecord[]): OpenRun {
  const writer = new TraceWriter();
  for (const record of list) writer.addFake(record);
  return new OpenRun(pool, 'recorded', writer.trace, { version: 1, demo: pool.id, parameters: {}, date: '2026-01-01', machine: 'test' });
}

/** Everything that was asked for has been drawn. */
async function drawn(): Promise<void> {
  for (let frames = 0; frames < 6; frames += 1) await new Promise(requestAnimationFrame);
}

export interface Look {
  /** What each view shows, without the layout of the source. */
  text: Record<string, string>;
  /** The pixels of each canvas. */
  canvases: Record<string, string[]>;
  /** What is told of the whole run at each of its moments: the lanes with their names, and how it ended. */
  whole: { names: string; lanes: string; state: string };
}

function look(): Look {
  const text: Record<string, string> = {};
  const canvases: Record<string, string[]> = {};
  for (const { id } of shown) {
    const root = element(id);
    text[id] = root.hidden ? 'hidden' : root.innerHTML.replace(/<!--.*?-->/gs, '').replace(/\s+/g, ' ');
    canvases[id] = root.hidden
      ? []
      : [...root.querySelectorAll('canvas')].filter((canvas) => canvas.width > 0).map((canvas) => canvas.toDataURL());
  }
  const textOf = (selector: string) => document.querySelector(selector)!.textContent!.replace(/\s+/g, ' ');
  const lanes = document.querySelector<HTMLCanvasElement>('#timeline .rows')!.toDataURL();
  return { text, canvases, whole: { names: textOf('#timeline .names'), lanes, state: textOf('#state') } };
}

let all: FakeRecord[] = [];
let whole: OpenRun;

/** Mounts the views with a run of so many records, and says how many there are. */
export async function open(seed: number, length: number): Promise<number> {
  await chooseLanguage('en');
  mode.value = { kind: 'live' };
  demo.value = pool;
  all = randomRun(seed, length);
  whole = runOf(all);
  await whole.complete();
  whole.end({ kind: 'finished', code: 0 });
  showRun(whole);
  for (const view of shown) ('load' in view ? await view.load() : view).mount(element(view.id));
  await drawn();
  element('timeline-table').click(); // the totals stand beside the other tables; its script is loaded now
  await drawn();
  element('timeline-table').click();
  await drawn();
  return all.length;
}

/** The page at a moment of the run that is whole, and that of a run of which there is no more. */
export async function compare(index: number): Promise<{ rewound: Look; prefix: Look }> {
  const select = () => (selected.value = { process: 1, thread: 2, index: 3, task: false });
  showRun(whole);
  whole.cursor.value = index;
  select();
  await drawn();
  const rewound = look();
  const prefix = runOf(all.slice(0, index));
  await prefix.complete();
  showRun(prefix);
  select();
  await drawn();
  return { rewound, prefix: look() };
}

/** Views that show the whole run at each of its moments. */
export const wholes = ['timeline', 'runbar'];

/** The page at the end of the whole run, after the cursor was somewhere else. */
export async function end(): Promise<Look> {
  showRun(whole);
  whole.cursor.value = 10;
  await drawn();
  whole.cursor.value = null;
  await drawn();
  return look();
}
