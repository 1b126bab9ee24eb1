import { Kind } from '../trace/kinds.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';

/** The run's progress, as it reports it. */
export class Progress extends Fold {
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
