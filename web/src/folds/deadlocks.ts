import { Kind } from '../trace/kinds.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { Log } from './log.ts';

/** A thread of a deadlock: what it waits for, where in the source, and who holds that. */
export interface StuckThread {
  thread: number;
  name: string;
  /** Name of a `Reason`. */
  reason: string;
  object: number;
  objectName: string;
  objectType: string;
  /** `file:line`; empty if it is not known. */
  where: string;
  /** Number of the thread that could end the wait: the object's holder, or the thread being joined; 0 if unknown. */
  heldBy: number;
  /** Where that thread acquired the lock, `file:line`; empty if unknown. */
  heldSince: string;
}

export interface Deadlock {
  time: number;
  process: number;
  threads: StuckThread[];
  /** Numbers of the threads of the cycle, each waiting for the next; empty if there is no cycle. */
  cycle: number[];
}

/** Deadlocks that the runtime has found. */
export class Deadlocks extends Fold {
  readonly list = new Log<Deadlock>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.deadlock) continue;
      const told = parse(records.text(index));
      if (told) this.list.push(() => ({ time: records.time(index), process: records.process(index), ...told }));
    }
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const number = (value: unknown) => (typeof value === 'number' ? value : 0);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function parse(json: string): Pick<Deadlock, 'threads' | 'cycle'> | null {
  try {
    const told = JSON.parse(json) as Record<string, unknown>;
    const threads = list(told['threads']).map((each) => {
      const thread = each as Record<string, unknown>;
      return {
        thread: number(thread['thread']),
        name: text(thread['name']),
        reason: text(thread['reason']),
        object: number(thread['object']),
        objectName: text(thread['object_name']),
        objectType: text(thread['object_type']),
        where: text(thread['where']),
        heldBy: number(thread['held_by']),
        heldSince: text(thread['held_since']),
      };
    });
    return { threads, cycle: list(told['cycle']).map(number) };
  } catch {
    return null; // what cannot be read is not shown
  }
}
