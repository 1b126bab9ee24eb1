import { Kind } from '../trace/kinds.ts';
import { objectKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Holding } from './holding.ts';

/** A lock with who had it when. A read-write lock's holder is its writer; its readers are counted. */
export interface LockHistory {
  process: number;
  object: number;
  holding: Holding;
  /** Threads that read under it now, each as often as it took the lock. */
  readers: Map<number, number>;
  mostReaders: number;
  acquisitions: number;
  /** Acquisitions to read. */
  reads: number;
  /** Time somebody had it, up to the last release. */
  held: number;
  longest: number;
  /** Since when somebody has it; NaN while nobody has. */
  since: number;
}

/** Who holds which lock. */
export class Holders implements Fold {
  readonly locks: LockHistory[] = [];
  readonly #byKey = new Map<number, LockHistory>();

  /** Locks that the thread holds now, as their only holder or as one of several readers. */
  heldBy(process: number, thread: number): LockHistory[] {
    return this.locks.filter(
      (lock) => lock.process === process && (lock.holding.holder === thread || lock.readers.has(thread)),
    );
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.lock_acquire:
          // A lock that may be taken again by its holder says how deep it is in; the others say 0.
          if (records.argument(index) <= 1) this.#acquire(records, index);
          break;
        case Kind.write_acquire:
          this.#acquire(records, index);
          break;
        case Kind.lock_release:
          if (records.argument(index) === 0) this.#release(records, index);
          break;
        case Kind.write_release:
          this.#release(records, index);
          break;
        case Kind.read_acquire:
          this.#read(records, index);
          break;
        case Kind.read_release:
          this.#endRead(records, index);
          break;
      }
    }
  }

  #acquire(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    lock.acquisitions += 1;
    lock.since = records.time(index);
    lock.holding.push(lock.since, records.thread(index));
  }

  #release(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    this.#end(lock, records.time(index));
    lock.holding.push(records.time(index), 0);
  }

  #read(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    const thread = records.thread(index);
    lock.acquisitions += 1;
    lock.reads += 1;
    if (lock.readers.size === 0) lock.since = records.time(index);
    lock.readers.set(thread, (lock.readers.get(thread) ?? 0) + 1);
    lock.mostReaders = Math.max(lock.mostReaders, lock.readers.size);
  }

  #endRead(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    const thread = records.thread(index);
    const left = (lock.readers.get(thread) ?? 1) - 1;
    if (left > 0) lock.readers.set(thread, left);
    else lock.readers.delete(thread);
    if (lock.readers.size === 0) this.#end(lock, records.time(index));
  }

  #end(lock: LockHistory, time: number): void {
    if (Number.isNaN(lock.since)) return;
    lock.held += time - lock.since;
    lock.longest = Math.max(lock.longest, time - lock.since);
    lock.since = NaN;
  }

  #lockOf(records: Records, index: number): LockHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const key = objectKey(process, object);
    let lock = this.#byKey.get(key);
    if (!lock) {
      lock = {
        process, object, holding: new Holding(), readers: new Map(), mostReaders: 0,
        acquisitions: 0, reads: 0, held: 0, longest: 0, since: NaN,
      };
      this.#byKey.set(key, lock);
      this.locks.push(lock);
    }
    return lock;
  }
}
