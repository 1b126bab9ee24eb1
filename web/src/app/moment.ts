import type { Signal } from '@preact/signals-core';
import { ConsoleLines } from '../folds/console.ts';
import type { Fold } from '../folds/fold.ts';
import type { FoldKind, Folds } from '../folds/folds.ts';
import { KindsSeen } from '../folds/kinds_seen.ts';
import { Lanes } from '../folds/lanes.ts';
import { Marks } from '../folds/marks.ts';
import { Processes } from '../folds/processes.ts';
import { Progress } from '../folds/progress.ts';
import { Summary } from '../folds/summary.ts';
import type { Trace } from '../trace/columns.ts';
import type { TraceHeader } from '../trace/file.ts';
import type { Demo } from './catalogue.ts';
import type { Ending } from './ending.ts';

/** Where the run comes from: live, recorded with the page, or opened from a file. */
export type Source = 'live' | 'recorded' | 'opened';

/** What a moment reads. */
export interface Recording {
  readonly demo: Demo;
  readonly source: Source;
  readonly header: TraceHeader;
  readonly trace: Trace;
  readonly folds: Folds;
  /** The end of what is open, on the run's clock, in ns. */
  now: number;
  ending: Ending | null;
  /** Set when a fold has to catch up. */
  readonly behind: Signal<boolean>;
}

/** ns. */
const longestPrelude = 1e9;

/**
 * A run as of one of its records: all that a view may know. The end, which is a moment too, goes on with the run; any
 * other stays as it is, and knows nothing of what comes after it, names included.
 */
export class Moment {
  readonly #recording: Recording;
  readonly #cursor: number;
  readonly #folds = new Map<FoldKind, Fold>();

  /** The moment after so many records; Infinity: the end. */
  constructor(recording: Recording, cursor: number) {
    this.#recording = recording;
    this.#cursor = cursor;
  }

  get demo(): Demo {
    return this.#recording.demo;
  }

  get source(): Source {
    return this.#recording.source;
  }

  /** What was run, when and where. */
  get header(): TraceHeader {
    return this.#recording.header;
  }

  get isEnd(): boolean {
    return this.#cursor === Infinity;
  }

  /** How many records there are before it. */
  get index(): number {
    return Math.min(this.#cursor, this.#recording.folds.taken);
  }

  /** The end of what is open, on the run's clock, in ns. */
  get now(): number {
    const { trace, now } = this.#recording;
    if (this.isEnd) return now;
    return this.index > 0 ? trace.time(this.index - 1) : 0;
  }

  /** How the run ended; null before its end. */
  get ending(): Ending | null {
    return this.isEnd ? this.#recording.ending : null;
  }

  /** The first time shown: the zero of the run's clock, unless nothing happens for long after it. */
  get start(): number {
    const first = this.index > 0 ? this.#recording.trace.time(0) : 0;
    return first > longestPrelude ? first : 0;
  }

  /** How long the run has taken, or took. */
  get length(): number {
    const { startedAt, endedAt } = this.summary;
    const start = Number.isNaN(startedAt) ? this.start : startedAt;
    return Math.max(0, (Number.isNaN(endedAt) ? this.now : endedAt) - start);
  }

  /** Records that the trace lacks; known at the end only. */
  get losses(): { dropped: number; overLimit: number; missing: number } {
    return this.isEnd ? this.#recording.trace : { dropped: 0, overLimit: 0, missing: 0 };
  }

  /** The fold's state at the moment; an earlier state while the fold is behind. */
  fold<F extends Fold>(kind: FoldKind<F>): F {
    const known = this.#folds.get(kind);
    if (known) return known as F;
    const { folds, trace, behind } = this.#recording;
    const fold = folds.at(kind, trace, this.#cursor);
    if (!folds.hasTaken(kind, this.#cursor)) behind.value = true;
    else if (!this.isEnd) this.#folds.set(kind, fold);
    return fold;
  }

  get processes(): Processes {
    return this.fold(Processes);
  }

  get lanes(): Lanes {
    return this.fold(Lanes);
  }

  get console(): ConsoleLines {
    return this.fold(ConsoleLines);
  }

  get marks(): Marks {
    return this.fold(Marks);
  }

  get progress(): Progress {
    return this.fold(Progress);
  }

  get summary(): Summary {
    return this.fold(Summary);
  }

  get seen(): KindsSeen {
    return this.fold(KindsSeen);
  }

  string(process: number, id: number): string | undefined {
    return this.#recording.trace.string(process, id, this.index);
  }

  threadName(process: number, thread: number): string | undefined {
    return this.#recording.trace.threadName(process, thread, this.index);
  }

  objectName(process: number, object: number): string | undefined {
    return this.#recording.trace.objectName(process, object, this.index);
  }

  /** An `ObjectType`, or 0 if the object has not been announced. */
  objectType(process: number, object: number): number {
    return this.#recording.trace.objectType(process, object, this.index);
  }
}
