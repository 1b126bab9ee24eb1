import { ConsoleLines } from './console.ts';
import { Depth } from './depth.ts';
import type { Fold, Records } from './fold.ts';
import { Images } from './images.ts';
import { Lanes } from './lanes.ts';
import { Marks } from './marks.ts';
import { Progress } from './progress.ts';
import { Summary } from './summary.ts';
import { Tasks } from './tasks.ts';

/** Everything the views draw from. */
export class Folds {
  readonly lanes = new Lanes();
  readonly depth = new Depth();
  readonly console = new ConsoleLines();
  readonly tasks = new Tasks();
  readonly marks = new Marks();
  readonly progress = new Progress();
  readonly summary = new Summary();
  readonly images = new Images();
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

  #all(): Fold[] {
    return [this.lanes, this.depth, this.console, this.tasks, this.marks, this.progress, this.summary, this.images];
  }
}
