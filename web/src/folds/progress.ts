import { Kind } from '../trace/kinds.ts';
import type { Fold, Records } from './fold.ts';

/** How far the run says it is. */
export class Progress implements Fold {
  done = 0;
  /** 0 = the run has not said. */
  total = 0;

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.progress) continue;
      this.done = records.argumentLow(index);
      this.total = records.argumentHigh(index);
    }
  }
}
