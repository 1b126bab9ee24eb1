import { Kind } from '../trace/kinds.ts';
import { Bytes, Floats, Words } from './columns.ts';
import type { Fold, Records } from './fold.ts';

/** What the run printed, a line a row. */
export class ConsoleLines implements Fold {
  readonly times = new Floats();
  readonly processes = new Words();
  readonly threads = new Words();
  /** 1 for a line of the error stream. */
  readonly errors = new Bytes();
  readonly texts: string[] = [];

  get length(): number {
    return this.texts.length;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.console) continue;
      this.times.push(records.time(index));
      this.processes.push(records.process(index));
      this.threads.push(records.thread(index));
      this.errors.push(records.detail(index) === 1 ? 1 : 0);
      this.texts.push(records.text(index));
    }
  }
}
