import { Kind } from '../trace/kinds.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { Log } from './log.ts';

export interface UncaughtError {
  time: number;
  process: number;
  thread: number;
  text: string;
}

/** The run's parameters, results, checks and exit status. */
export class Summary extends Fold {
  readonly parameters = new Map<string, string>();
  readonly results = new Map<string, string>();
  readonly checks = new Map<string, boolean>();
  readonly errors = new Log<UncaughtError>();
  /** NaN until it happens. */
  startedAt = NaN;
  endedAt = NaN;
  exitStatus = NaN;

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.run_start:
          if (Number.isNaN(this.startedAt)) this.startedAt = records.time(index);
          break;
        case Kind.run_end:
          this.endedAt = records.time(index);
          this.exitStatus = records.detail(index) | 0;
          break;
        case Kind.parameter:
          assign(this.parameters, records.text(index));
          break;
        case Kind.result:
          assign(this.results, records.text(index));
          break;
        case Kind.check:
          this.checks.set(records.text(index), records.detail(index) === 1);
          break;
        case Kind.error:
          this.errors.push(() => ({
            time: records.time(index),
            process: records.process(index),
            thread: records.thread(index),
            text: records.text(index),
          }));
          break;
      }
    }
  }
}

function assign(map: Map<string, string>, pair: string): void {
  const equals = pair.indexOf('=');
  if (equals < 0) map.set(pair, '');
  else map.set(pair.slice(0, equals), pair.slice(equals + 1));
}
