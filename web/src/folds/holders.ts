import { firstSharedObject, Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { lightWeight, ownerOf, threadKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Holding } from './holding.ts';

/** A lock with who had it when. A read-write lock's holder is its writer; its readers are counted. */
export interface LockHistory extends Entity {
  process: number;
  object: number;
  holding: Holding;
  /** Threads that read under it now, by key, each as often as it took the lock. */
  readers: ReadonlyMap<number, number>;
  mostReaders: number;
  acquisitions: number;
  /** Acquisitions to read. */
  reads: number;
  /** Time somebody had it, up to the last release. */
  held: number;
  longest: number;
  /** Since when somebody has it; NaN while nobody has. */
  since: number;
  /** A process died holding it. */
  abandoned: boolean;
}

interface OwnLock extends LockHistory {
  readers: Map<number, number>;
}

/** What locks that nobody reads under share: never written to. */
const noReaders = new Map<number, number>();

/** Who holds which lock. */
export class Holders implements Fold {
  readonly #locks: Entities<OwnLock>;

  constructor(from?: Holders) {
    this.#locks = new Entities(from ? from.#locks : ((lock) => ({
      ...lock, holding: new Holding(lock.holding), readers: lock.readers.size > 0 ? new Map(lock.readers) : noReaders,
    })));
  }

  get locks(): readonly Readonly<LockHistory>[] {
    return this.#locks.list;
  }

  get weight(): number {
    return lightWeight + this.#locks.weight;
  }

  fork(): Holders {
    return new Holders(this);
  }

  /** Locks that the thread holds now, as their only holder or as one of several readers. */
  heldBy(process: number, thread: number): Readonly<LockHistory>[] {
    const key = threadKey(process, thread);
    return this.locks.filter((lock) => lock.holding.holder === key || lock.readers.has(key));
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
        case Kind.abandon:
          this.#abandon(records, index);
          break;
        case Kind.process_end:
          this.#endProcess(records.argumentLow(index), records.time(index));
          break;
      }
    }
  }

  #acquire(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    lock.acquisitions += 1;
    lock.since = records.time(index);
    lock.holding.push(lock.since, holderOf(records, index));
  }

  #release(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    this.#end(lock, records.time(index));
    lock.holding.push(records.time(index), 0);
  }

  #read(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    const reader = holderOf(records, index);
    lock.acquisitions += 1;
    lock.reads += 1;
    if (lock.readers.size === 0) lock.since = records.time(index);
    if (lock.readers === noReaders) lock.readers = new Map();
    lock.readers.set(reader, (lock.readers.get(reader) ?? 0) + 1);
    lock.mostReaders = Math.max(lock.mostReaders, lock.readers.size);
  }

  #endRead(records: Records, index: number): void {
    const lock = this.#lockOf(records, index);
    const reader = holderOf(records, index);
    const left = (lock.readers.get(reader) ?? 1) - 1;
    if (left > 0) lock.readers.set(reader, left);
    else if (lock.readers.size > 0) lock.readers.delete(reader);
    if (lock.readers.size === 0) this.#end(lock, records.time(index));
  }

  /** What else processes can leave behind has no holder. */
  #abandon(records: Records, index: number): void {
    const known = this.#locks.find(ownerOf(records.process(index), records.object(index)), records.object(index));
    if (!known) return;
    const lock = this.#locks.own(known);
    lock.abandoned = true;
    this.#free(lock, records.time(index));
  }

  /** Locks of its own that it held are gone with it. */
  #endProcess(process: number, time: number): void {
    for (const lock of this.#locks.list) {
      if (lock.process === process && lock.object < firstSharedObject) this.#free(this.#locks.own(lock), time);
    }
  }

  #free(lock: OwnLock, time: number): void {
    this.#end(lock, time);
    lock.readers = noReaders;
    if (lock.holding.holder !== 0) lock.holding.push(time, 0);
  }

  #end(lock: OwnLock, time: number): void {
    if (Number.isNaN(lock.since)) return;
    lock.held += time - lock.since;
    lock.longest = Math.max(lock.longest, time - lock.since);
    lock.since = NaN;
  }

  #lockOf(records: Records, index: number): OwnLock {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    const known = this.#locks.find(owner, object);
    if (known) return this.#locks.own(known);
    return this.#locks.add(owner, object, {
      place: 0, stamp: 0, process, object, holding: new Holding(), readers: noReaders, mostReaders: 0,
      acquisitions: 0, reads: 0, held: 0, longest: 0, since: NaN, abandoned: false,
    });
  }
}

function holderOf(records: Records, index: number): number {
  return threadKey(records.process(index), records.thread(index));
}
