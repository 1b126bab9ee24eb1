import { Folds } from '../folds/folds.ts';
import type { Fold } from '../folds/fold.ts';
import type { Trace } from '../trace/columns.ts';
import type { TraceHeader } from '../trace/file.ts';
import type { Demo } from './catalogue.ts';

/** Where the run on the page comes from: made here, recorded with the page, or opened from a file. */
export type Source = 'live' | 'recorded' | 'opened';

/** How a run ended. */
export type Ending =
  | { kind: 'finished' | 'failed-check' | 'failed' | 'refused' | 'deadlock' | 'stopped' | 'killed'; code: number }
  | { kind: 'crashed'; code: number; failure: string | null; text: string };

/** ns. */
const longestPrelude = 1e9;

/** A run on the page: its trace and what the folds have made of it so far. */
export class Session {
  readonly demo: Demo;
  readonly source: Source;
  readonly trace: Trace;
  readonly folds = new Folds();
  /** What was run, when and where. */
  readonly header: TraceHeader;
  ending: Ending | null = null;
  /** The end of what is open, on the run's clock, in ns. */
  now = 0;
  #ahead = -Infinity;

  constructor(demo: Demo, source: Source, trace: Trace, header: TraceHeader) {
    this.demo = demo;
    this.source = source;
    this.trace = trace;
    this.header = header;
  }

  /** The first moment shown: the zero of the run's clock, unless nothing happens for long after it. */
  get start(): number {
    const first = this.trace.length > 0 ? this.trace.time(0) : 0;
    return first > longestPrelude ? first : 0;
  }

  /** How long the run has taken, or took. */
  get length(): number {
    const { startedAt, endedAt } = this.folds.summary;
    const start = Number.isNaN(startedAt) ? this.start : startedAt;
    return Math.max(0, (Number.isNaN(endedAt) ? this.now : endedAt) - start);
  }

  /** A fold that not every run needs. */
  fold<F extends Fold>(kind: new () => F): F {
    return this.folds.late(kind, this.trace);
  }

  /** Folds in what is new. */
  advance(): boolean {
    const changed = this.folds.advance(this.trace);
    if (this.now < this.trace.lastTime) this.now = this.trace.lastTime;
    return changed;
  }

  /**
   * Moves the run's clock on while no record comes: a run whose threads all sleep still gets longer. The page's clock
   * differs from the run's by a constant, of which the latest record seen so far gives a lower bound.
   */
  elapse(pageMilliseconds: number): void {
    if (this.trace.length === 0) return;
    const page = pageMilliseconds * 1e6;
    this.#ahead = Math.max(this.#ahead, this.trace.lastTime - page);
    this.now = Math.max(this.now, page + this.#ahead);
  }
}

/** How a run ended, from what its process returned and what it recorded. */
export function endingOf(
  status: { reason: 'exited' | 'killed' | 'crashed'; code: number; text: string; failure?: string },
  checks: ReadonlyMap<string, boolean>,
): Ending {
  if (status.reason === 'killed') return { kind: 'killed', code: status.code };
  if (status.reason === 'crashed') {
    return { kind: 'crashed', code: status.code, failure: status.failure ?? null, text: status.text };
  }
  switch (status.code) {
    case 0:
      return { kind: 'finished', code: 0 };
    case 2:
      return { kind: 'refused', code: 2 };
    case 3:
      return { kind: 'deadlock', code: 3 };
    case 130:
      return { kind: 'stopped', code: 130 };
    default:
      return { kind: [...checks.values()].includes(false) ? 'failed-check' : 'failed', code: status.code };
  }
}

/** How a run ended of which there is nothing but the trace. */
export function endingOfTrace(folds: Folds): Ending {
  const code = folds.summary.exitStatus;
  if (Number.isNaN(code)) return { kind: 'killed', code: 137 };
  return endingOf({ reason: 'exited', code, text: '' }, folds.summary.checks);
}
