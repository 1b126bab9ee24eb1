import { firstSharedObject, Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf, threadKey } from './fold.ts';
import type { Records } from './fold.ts';
import { Holding } from './holding.ts';

/** A lock and its holders over time. A read–write lock's holder is its writer; its readers are counted. */
export interface LockHistory extends Entity {
  process: number;
  object: number;
  holding: Holding;
  /** Readers now, by key, each with its number of acquisitions. */
  readers: Map<number, number>;
  mostReaders: number;
  acquisitions: number;
  /** Acquisitions to read. */
  reads: number;
  /** Time it was held, up to the last release. */
  held: number;
  longest: number;
  /** Since when it is held; NaN while it is free. */
  since: number;
  /** A process died holding it. */
  abandoned: boolean;
}

/** Who holds which lock. */
export class Holders extends Fold {
  private readonly entities = new Entities<LockHistory>();

  /** Locks that the thread holds now, exclusively or as a reader. */
  heldBy(process: number, thread: number): LockHistory[] {
    const key = threadKey(process, thread);
    return this.entities.list.filter((lock) => lock.holding.holder === key || lock.readers.has(key));
  }

  get locks(): readonly LockHistory[] {
    return this.entities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.lock_acquire:
          // A reentrant lock gives its recursion depth; others give 0.
          if (records.argument(index) <= 1) this.acquire(records, index);
          break;
        case Kind.write_acquire:
          this.acquire(records, index);
          break;
        case Kind.lock_release:
          if (records.argument(index) === 0) this.release(records, index);
          break;
        case Kind.write_release:
          this.release(records, index);
          break;
        case Kind.read_acquire:
          this.read(records, index);
          break;
        case Kind.read_release:
          this.endRead(records, index);
          break;
        case Kind.abandon:
          this.abandon(records, index);
          break;
        case Kind.process_end:
          this.endProcess(records.argumentLow(index), records.time(index));
          break;
      }
    }
  }

  private acquire(records: Records, index: number): void {
    const lock = this.lockOf(records, index);
    lock.acquisitions += 1;
    lock.since = records.time(index);
    lock.holding.push(lock.since, holderOf(records, index));
  }

  private release(records: Records, index: number): void {
    const lock = this.lockOf(records, index);
    this.end(lock, records.time(index));
    lock.holding.push(records.time(index), 0);
  }

  private read(records: Records, index: number): void {
    const lock = this.lockOf(records, index);
    const reader = holderOf(records, index);
    lock.acquisitions += 1;
    lock.reads += 1;
    if (lock.readers.size === 0) lock.since = records.time(index);
    lock.readers.set(reader, (lock.readers.get(reader) ?? 0) + 1);
    lock.mostReaders = Math.max(lock.mostReaders, lock.readers.size);
  }

  private endRead(records: Records, index: number): void {
    const lock = this.lockOf(records, index);
    const reader = holderOf(records, index);
    const left = (lock.readers.get(reader) ?? 1) - 1;
    if (left > 0) lock.readers.set(reader, left);
    else lock.readers.delete(reader);
    if (lock.readers.size === 0) this.end(lock, records.time(index));
  }

  /** What else processes can leave behind has no holder. */
  private abandon(records: Records, index: number): void {
    const known = this.entities.find(ownerOf(records.process(index), records.object(index)), records.object(index));
    if (!known) return;
    const lock = this.entities.own(known);
    lock.abandoned = true;
    this.free(lock, records.time(index));
  }

  /** Locks of its own that it held are gone with it. */
  private endProcess(process: number, time: number): void {
    for (const lock of this.entities.list) {
      if (lock.process === process && lock.object < firstSharedObject) this.free(this.entities.own(lock), time);
    }
  }

  private free(lock: LockHistory, time: number): void {
    this.end(lock, time);
    lock.readers = new Map();
    if (lock.holding.holder !== 0) lock.holding.push(time, 0);
  }

  private end(lock: LockHistory, time: number): void {
    if (Number.isNaN(lock.since)) return;
    lock.held += time - lock.since;
    lock.longest = Math.max(lock.longest, time - lock.since);
    lock.since = NaN;
  }

  private lockOf(records: Records, index: number): LockHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    return this.entities.get(owner, object, () => ({
      process,
      object,
      holding: new Holding(),
      readers: new Map(),
      mostReaders: 0,
      acquisitions: 0,
      reads: 0,
      held: 0,
      longest: 0,
      since: NaN,
      abandoned: false,
    }));
  }
}

function holderOf(records: Records, index: number): number {
  return threadKey(records.process(index), records.thread(index));
}
