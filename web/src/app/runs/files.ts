import { batch } from '@preact/signals-core';
import type { TraceHeader } from '../../trace/file.ts';
import type { Trace } from '../../trace/columns.ts';
import { recordedRun } from '../assets.ts';
import { loadEngine, loadExport } from './load.ts';
import type { Demo } from '../catalogue.ts';
import { abandonRun } from './runner.ts';
import { endingOfTrace } from '../ending.ts';
import type { Source } from '../moment.ts';
import { OpenRun } from './open_run.ts';
import { demo, keptRecords, openRun, recorded, showRun } from '../state.ts';

/** Runs that come from files: the ones recorded with the page, and the ones a reader saved. */

/** Each demo's last live run, shown again on return to the demo; long ones are not kept. */
export const kept = new Map<string, OpenRun>();

export async function finishedRun(of: Demo, source: Source, trace: Trace, header: TraceHeader): Promise<OpenRun> {
  const made = new OpenRun(of, source, trace, header);
  await made.complete();
  made.end(endingOfTrace(made.at().summary));
  return made;
}

/** Shows the demo's last run, else its recorded one. */
export async function showDemo(of: Demo): Promise<void> {
  const leaving = openRun.value;
  if (leaving && leaving.demo !== of) {
    abandonRun();
    if (leaving.source !== 'recorded' && leaving.trace.length <= keptRecords) kept.set(leaving.demo.id, leaving);
  }
  const before = kept.get(of.id);
  if (before) {
    kept.delete(of.id);
    recorded.value = { loading: false, failure: null };
    showRun(before);
    return;
  }
  showRun(null);
  if (of.hidden) {
    recorded.value = { loading: false, failure: null };
    return;
  }
  recorded.value = { loading: true, failure: null };
  try {
    const [{ readTraceFile }, response] = await Promise.all([loadEngine(), fetch(recordedRun(of))]);
    if (!response.ok || !response.body) throw new Error(`${response.status} ${response.statusText}`.trim());
    const { header, trace } = await readTraceFile(response.body);
    const made = await finishedRun(of, 'recorded', trace, header);
    // A run started or a demo chosen meanwhile takes precedence.
    if (demo.value !== of) return;
    batch(() => {
      recorded.value = { loading: false, failure: null };
      if (!openRun.value) showRun(made);
    });
  } catch (error) {
    if (demo.value === of) recorded.value = { loading: false, failure: messageOf(error) };
  }
}

/** Downloads the run as a .weft file, or as packed Chrome trace JSON. */
export async function saveRun(format: 'weft' | 'json'): Promise<void> {
  const { value: shown } = openRun;
  if (shown) await (await loadExport()).offerRun(shown, format);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
