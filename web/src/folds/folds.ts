import { ConsoleLines } from './console.ts';
import type { Fold, Records } from './fold.ts';
import { KindsSeen } from './kinds_seen.ts';
import { Lanes } from './lanes.ts';
import { Marks } from './marks.ts';
import { Processes } from './processes.ts';
import { Progress } from './progress.ts';
import { Summary } from './summary.ts';
import { Tasks } from './tasks.ts';

/** What the views draw from: some folds that every run needs, and others that are made when they are first asked for. */
export class Folds {
  readonly processes = new Processes();
  readonly lanes = new Lanes();
  readonly console = new ConsoleLines();
  readonly tasks = new Tasks();
  readonly marks = new Marks();
  readonly progress = new Progress();
  readonly summary = new Summary();
  readonly seen = new KindsSeen();
  readonly #late = new Map<new () => Fold, Fold>();
  /** Records folded so far. */
  taken = 0;

  /** Folds in what the trace has gained; says whether there was anything. */
  advance(records: Records): boolean {
    const from = this.taken;
    const to = records.length;
    if (to === from) return false;
    for (const fold of this.#all()) fold.take(records, from, to);
    this.taken = to;
    return true;
  }

  /** The fold of this kind, having taken of the records what all others have. */
  late<F extends Fold>(kind: new () => F, records: Records): F {
    let fold = this.#late.get(kind) as F | undefined;
    if (!fold) {
      fold = new kind();
      fold.take(records, 0, this.taken);
      this.#late.set(kind, fold);
    }
    return fold;
  }

  #all(): Fold[] {
    return [
      this.processes, this.lanes, this.console, this.tasks, this.marks, this.progress, this.summary, this.seen,
      ...this.#late.values(),
    ];
  }
}
