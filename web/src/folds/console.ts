import { Kind } from '../trace/kinds.ts';
import { Bytes, Floats, Words } from './columns.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { Log } from './log.ts';

/** What the run printed, a line a row. */
export class ConsoleLines extends Fold {
  readonly times = new Floats();
  readonly processes = new Words();
  readonly threads = new Words();
  /** Their places in the trace. */
  readonly records = new Words();
  /** 1 for a line of the error stream. */
  readonly errors = new Bytes();
  readonly texts = new Log<string>();

  get length(): number {
    return this.texts.length;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.console) continue;
      const { length } = this;
      this.times.put(length, records.time(index));
      this.processes.put(length, records.process(index));
      this.threads.put(length, records.thread(index));
      this.records.put(length, index);
      this.errors.put(length, records.detail(index) === 1 ? 1 : 0);
      this.texts.push(() => records.text(index));
    }
  }
}
