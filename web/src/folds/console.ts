import { Kind } from '../trace/kinds.ts';
import { Bytes, Floats, Words } from './columns.ts';
import { lightWeight } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Log } from './log.ts';

/** What the run printed, a line a row. */
export class ConsoleLines implements Fold {
  readonly times: Floats;
  readonly processes: Words;
  readonly threads: Words;
  /** 1 for a line of the error stream. */
  readonly errors: Bytes;
  readonly texts: Log<string>;
  readonly weight = lightWeight;

  constructor(from?: ConsoleLines) {
    this.times = from?.times ?? new Floats();
    this.processes = from?.processes ?? new Words();
    this.threads = from?.threads ?? new Words();
    this.errors = from?.errors ?? new Bytes();
    this.texts = new Log(from?.texts);
  }

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
      this.errors.put(length, records.detail(index) === 1 ? 1 : 0);
      this.texts.push(() => records.text(index));
    }
  }

  fork(): ConsoleLines {
    return new ConsoleLines(this);
  }
}
