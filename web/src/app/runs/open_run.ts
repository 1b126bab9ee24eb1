import { signal } from '@preact/signals-core';
import { Folds } from '../../folds/folds.ts';
import type { Trace } from '../../trace/columns.ts';
import type { TraceHeader } from '../../trace/file.ts';
import type { Demo } from '../catalogue.ts';
import type { Ending } from '../ending.ts';
import { Moment } from '../moment.ts';
import type { Recording, Source } from '../moment.ts';

/** ms that folding may take of a frame. */
const foldingTime = 6;

/** The run that the page shows: its trace, its folds and its cursor. */
export class OpenRun {
  readonly demo: Demo;
  readonly source: Source;
  readonly header: TraceHeader;
  readonly trace: Trace;
  /** Number of records before the moment shown; null: the end, which moves with the run. */
  readonly cursor = signal<number | null>(null);
  /** Whether a fold has records left to take: the trace is long, or the fold was requested late. */
  readonly behind = signal(false);
  readonly #recording: Recording;
  readonly #end: Moment;
  #rewound: Moment | null = null;
  #ahead = -Infinity;

  constructor(demo: Demo, source: Source, trace: Trace, header: TraceHeader) {
    this.demo = demo;
    this.source = source;
    this.trace = trace;
    this.header = header;
    this.#recording = { demo, source, trace, header, folds: new Folds(), behind: this.behind, now: 0, ending: null };
    this.#end = new Moment(this.#recording, Infinity);
  }

  /** The run as of the cursor; without one, the end, for which nothing is copied. */
  at(cursor: number | null = null): Moment {
    if (cursor === null || cursor >= this.trace.length) return this.#end;
    const index = Math.max(0, Math.floor(cursor));
    if (this.#rewound?.index !== index) this.#rewound = new Moment(this.#recording, index);
    return this.#rewound;
  }

  /** The moment that the page shows. */
  get shown(): Moment {
    return this.at(this.cursor.value);
  }

  end(ending: Ending): void {
    this.#recording.ending = ending;
  }

  /** Folds in new records within the frame's budget. Returns whether there were any. */
  advance(): boolean {
    const from = performance.now();
    const { folds } = this.#recording;
    const changed = folds.advance(this.trace, () => performance.now() - from < foldingTime);
    this.#goOn(this.trace.lastTime);
    this.behind.value = folds.isBehind(this.trace);
    return changed;
  }

  /** Folds in all records, yielding to the page between slices. */
  async complete(): Promise<void> {
    while (this.advance() && this.behind.peek()) await new Promise((resolve) => setTimeout(resolve));
  }

  /**
   * Advances the run's clock while no record comes: a run whose threads all sleep still gets longer. The page's clock
   * differs from the run's by a constant, of which the latest record seen so far gives a lower bound.
   */
  elapse(pageMilliseconds: number): void {
    if (this.trace.length === 0) return;
    const page = pageMilliseconds * 1e6;
    this.#ahead = Math.max(this.#ahead, this.trace.lastTime - page);
    this.#goOn(page + this.#ahead);
  }

  #goOn(to: number): void {
    this.#recording.now = Math.max(this.#recording.now, to);
  }
}
