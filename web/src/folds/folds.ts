import { ConsoleLines } from './console.ts';
import type { Fold, Records } from './fold.ts';
import { KindsSeen } from './kinds_seen.ts';
import { Lanes } from './lanes.ts';
import { Marks } from './marks.ts';
import { Processes } from './processes.ts';
import { Progress } from './progress.ts';
import { Rewindable } from './rewindable.ts';
import { Summary } from './summary.ts';

export type FoldKind<F extends Fold = Fold> = new () => F;

/** Folds that every run needs; others are made when they are first asked for. */
const usual: readonly FoldKind[] = [Processes, Lanes, ConsoleLines, Marks, Progress, Summary, KindsSeen];

/** Records folded at once, in a few ms. */
const slice = 16_384;

/** All folds of a trace. */
export class Folds {
  readonly #usual = new Map(usual.map((kind) => [kind, new Rewindable<Fold>(kind)]));
  readonly #late = new Map<FoldKind, Rewindable<Fold>>();
  /** Records that the usual folds have taken. */
  taken = 0;

  /** Takes new records, slice by slice while there is time. Returns whether there were any. */
  advance(records: Records, hasTime: () => boolean = () => true): boolean {
    if (!this.isBehind(records)) return false;
    do {
      const to = Math.min(records.length, this.taken + slice);
      for (const fold of this.#usual.values()) fold.advance(records, to);
      this.taken = to;
      for (const fold of this.#late.values()) this.#catchUp(fold, records);
    } while (this.isBehind(records) && hasTime());
    return true;
  }

  /** Whether there are records that some fold has not taken yet. */
  isBehind(records: Records): boolean {
    if (this.taken < records.length) return true;
    for (const { taken } of this.#late.values()) if (taken < this.taken) return true;
    return false;
  }

  /** Whether the fold has taken so many records; Infinity: all that the usual ones have. One that was asked for late catches up. */
  hasTaken(kind: FoldKind, cursor: number): boolean {
    return this.#of(kind)!.taken >= (cursor === Infinity ? this.taken : cursor);
  }

  /** The fold as of the cursor, or of the last record before it that the fold has taken. */
  at<F extends Fold>(kind: FoldKind<F>, records: Records, cursor: number): F {
    let fold = this.#of(kind);
    if (!fold) {
      fold = new Rewindable<Fold>(kind);
      this.#catchUp(fold, records);
      this.#late.set(kind, fold);
    }
    return fold.at(records, cursor) as F;
  }

  #of(kind: FoldKind): Rewindable<Fold> | undefined {
    return this.#usual.get(kind) ?? this.#late.get(kind);
  }

  #catchUp(fold: Rewindable<Fold>, records: Records): void {
    fold.advance(records, Math.min(this.taken, fold.taken + slice));
  }
}
