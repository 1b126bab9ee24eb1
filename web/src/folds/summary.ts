import { Kind } from '../trace/kinds.ts';
import { lightWeight } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Log } from './log.ts';
import { SharedMap } from './shared_map.ts';

export interface UncaughtError {
  time: number;
  process: number;
  thread: number;
  text: string;
}

/** What the run was given, what it found out and how it ended. */
export class Summary implements Fold {
  readonly #parameters: SharedMap<string, string>;
  readonly #results: SharedMap<string, string>;
  readonly #checks: SharedMap<string, boolean>;
  readonly errors: Log<UncaughtError>;
  /** NaN until it happens. */
  startedAt: number;
  endedAt: number;
  exitStatus: number;

  constructor(from?: Summary) {
    this.#parameters = new SharedMap(from ? from.#parameters : undefined);
    this.#results = new SharedMap(from ? from.#results : undefined);
    this.#checks = new SharedMap(from ? from.#checks : undefined);
    this.errors = new Log(from?.errors);
    this.startedAt = from?.startedAt ?? NaN;
    this.endedAt = from?.endedAt ?? NaN;
    this.exitStatus = from?.exitStatus ?? NaN;
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.#parameters.entries;
  }

  get results(): ReadonlyMap<string, string> {
    return this.#results.entries;
  }

  get checks(): ReadonlyMap<string, boolean> {
    return this.#checks.entries;
  }

  get weight(): number {
    return lightWeight + this.#parameters.weight + this.#results.weight + this.#checks.weight;
  }

  fork(): Summary {
    return new Summary(this);
  }

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
          assign(this.#parameters, records.text(index));
          break;
        case Kind.result:
          assign(this.#results, records.text(index));
          break;
        case Kind.check:
          this.#checks.set(records.text(index), records.detail(index) === 1);
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

function assign(map: SharedMap<string, string>, pair: string): void {
  const equals = pair.indexOf('=');
  if (equals < 0) map.set(pair, '');
  else map.set(pair.slice(0, equals), pair.slice(equals + 1));
}
