import { Kind } from '../trace/kinds.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { Log } from './log.ts';

export interface Mark {
  time: number;
  process: number;
  thread: number;
  /** String id of the text within the process. */
  text: number;
}

/** Markers of the program on the time axis, such as the beginning of a phase. */
export class Marks extends Fold {
  readonly list = new Log<Mark>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.mark) continue;
      this.list.push(() => ({
        time: records.time(index),
        process: records.process(index),
        thread: records.thread(index),
        text: records.detail(index),
      }));
    }
  }
}
