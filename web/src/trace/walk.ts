import type { Trace } from './columns.ts';
import { Kind, Unblocked } from './kinds.ts';
import { isSameObject } from './objects.ts';

/** The part of a trace in which one goes from record to record. */
export type Walked = Pick<Trace, 'length' | 'kind' | 'process' | 'thread' | 'object'>;

/** Records that give names only: nothing happens in them. */
const naming: ReadonlySet<number> = new Set([Kind.string, Kind.thread_name, Kind.object_name, Kind.parameter]);

/**
 * The next record, or the one before, of those that fit, as seen from a moment with so many records before it: the last of these
 * is the one that one is at. Returns how many records lie before the moment after it; -1 if there is none.
 */
export function nextMoment(records: Walked, index: number, by: 1 | -1, fits: (record: number) => boolean): number {
  for (let at = by > 0 ? index : index - 2; at >= 0 && at < records.length; at += by) {
    if (!naming.has(records.kind(at)) && fits(at)) return at + 1;
  }
  return -1;
}

/** Who ended a wait. */
export interface Wake {
  /** The record of the thread that was woken. */
  unblocked: number;
  /** The record by which it was woken; -1 if it is unknown. */
  record: number;
  process: number;
  thread: number;
}

/** A wake that lies so many records back is none that tells why the thread runs now. */
const farthest = 200_000;

/** The end of the thread's last wait before the moment; null if it waits, never did, or who woke it is unknown. */
export function lastWake(
  records: Walked & Pick<Trace, 'detail' | 'wakerRecord' | 'wakerThread'>,
  index: number,
  process: number,
  thread: number,
): Wake | null {
  for (let at = index - 1; at >= Math.max(0, index - farthest); at -= 1) {
    const kind = records.kind(at);
    if (kind !== Kind.blocked && kind !== Kind.unblocked) continue;
    if (records.thread(at) !== thread || records.process(at) !== process) continue;
    if (kind === Kind.blocked || records.detail(at) !== Unblocked.woken) return null;
    const record = records.wakerRecord(at);
    if (record >= 0) return { unblocked: at, record, process: records.process(record), thread: records.thread(record) };
    const waker = records.wakerThread(at);
    return waker > 0 ? { unblocked: at, record, process, thread: waker } : null;
  }
  return null;
}

/** Whether a record is of the object, which is numbered within its process unless processes share it. */
export function isOf(records: Walked, record: number, process: number, object: number): boolean {
  return isSameObject(records.process(record), records.object(record), process, object);
}

/** The records of one object: found once, and further as the trace grows. */
export class ObjectRecords {
  readonly #process: number;
  readonly #object: number;
  readonly #found: number[] = [];
  #looked = 0;

  constructor(process: number, object: number) {
    this.#process = process;
    this.#object = object;
  }

  isOf(process: number, object: number): boolean {
    return isSameObject(process, object, this.#process, this.#object);
  }

  /** The last of them before the moment, at most so many, and how many there are before these. */
  before(records: Walked, index: number, most: number): { records: number[]; earlier: number } {
    for (; this.#looked < records.length; this.#looked += 1) {
      if (isOf(records, this.#looked, this.#process, this.#object)) this.#found.push(this.#looked);
    }
    let [low, high] = [0, this.#found.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#found[middle]! < index) low = middle + 1;
      else high = middle;
    }
    const from = Math.max(0, low - most);
    return { records: this.#found.slice(from, low), earlier: from };
  }
}
