import type { Demo } from '../../catalogue.ts';
import type { Ending } from '../../ending.ts';
import type { Value } from '../../parameters.ts';
import type { OpenRun } from '../open_run.ts';

/** What the history has of a run beside its trace. */
export interface Entry {
  /** Ascending in the order in which the runs were put in. */
  readonly id: number;
  /** Of the demo. */
  readonly demo: Demo['id'];
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly parameters: Readonly<Record<string, Value>>;
  /** ns. */
  readonly length: number;
  readonly ending: Ending | null;
  readonly results: Readonly<Record<string, string>>;
  readonly checks: Readonly<Record<string, boolean>>;
  readonly records: number;
  /** Of the trace, packed; 0 = the trace was too long to be kept. */
  readonly bytes: number;
}

/** An entry that has no number yet. */
export type Draft = Omit<Entry, 'id'>;

/** What there is to keep of a run that has ended. */
export function draftOf(run: OpenRun, bytes: number): Draft {
  const { demo, header, trace } = run;
  const { summary, length, ending } = run.at();
  return {
    demo: demo.id,
    date: header.date,
    machine: header.machine,
    parameters: header.parameters,
    length,
    ending,
    results: Object.fromEntries(summary.results),
    checks: Object.fromEntries(summary.checks),
    records: trace.length,
    bytes,
  };
}

/** Bytes that an entry takes beside its trace, roughly. */
export const entryBytes = 2000;

export interface HistoryLimits {
  readonly runs: number;
  /** Of all entries and traces. */
  readonly bytes: number;
}

export const historyLimits: HistoryLimits = { runs: 300, bytes: 64e6 };

export function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes + entryBytes, 0);
}

/** Numbers of the runs, the oldest ones, without which the others are within the limits. The latest run is never among them. */
export function beyond(entries: readonly Entry[], { runs, bytes }: HistoryLimits): number[] {
  const latestFirst = [...entries].sort((a, b) => b.id - a.id);
  let sum = 0;
  const kept = latestFirst.findIndex((entry, place) => {
    sum += entry.bytes + entryBytes;
    return place > 0 && (place >= runs || sum > bytes);
  });
  return kept < 0 ? [] : latestFirst.slice(kept).map(({ id }) => id);
}
