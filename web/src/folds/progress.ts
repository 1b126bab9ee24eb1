import { Kind } from '../trace/kinds.ts';
import { lightWeight } from './fold.ts';
import type { Fold, Records } from './fold.ts';

/** How far the run says it is. */
export class Progress implements Fold {
  done: number;
  /** 0 = the run has not said. */
  total: number;
  readonly weight = lightWeight;

  constructor(from?: Progress) {
    this.done = from?.done ?? 0;
    this.total = from?.total ?? 0;
  }

  fork(): Progress {
    return new Progress(this);
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.progress) continue;
      this.done = records.argumentLow(index);
      this.total = records.argumentHigh(index);
    }
  }
}
