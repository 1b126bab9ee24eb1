import { Kind } from '../trace/kinds.ts';
import { objectKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

export interface SemaphoreHistory {
  process: number;
  object: number;
  /** The value it began with. */
  initial: number;
  value: Steps;
  acquired: number;
  released: number;
}

export interface BarrierHistory {
  process: number;
  object: number;
  parties: number;
  /** Threads that wait for the others. */
  waiting: Steps;
  /** Times everybody was there and went on. */
  passes: number;
  broken: boolean;
}

/** What lets through a number of threads: semaphores, and barriers. */
export class Gates implements Fold {
  readonly semaphores: SemaphoreHistory[] = [];
  readonly barriers: BarrierHistory[] = [];
  readonly #semaphoreByKey = new Map<number, SemaphoreHistory>();
  readonly #barrierByKey = new Map<number, BarrierHistory>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind >= Kind.semaphore_open && kind <= Kind.semaphore_release) this.#semaphore(records, index, kind);
      else if (kind >= Kind.barrier_open && kind <= Kind.barrier_reset) this.#barrier(records, index, kind);
    }
  }

  #semaphore(records: Records, index: number, kind: number): void {
    const semaphore = this.#semaphoreOf(records, index);
    const value = records.argument(index);
    if (kind === Kind.semaphore_open) semaphore.initial = value;
    else if (kind === Kind.semaphore_acquire) semaphore.acquired += 1;
    else semaphore.released += records.detail(index);
    semaphore.value.push(records.time(index), value);
  }

  #barrier(records: Records, index: number, kind: number): void {
    const barrier = this.#barrierOf(records, index);
    const time = records.time(index);
    switch (kind) {
      case Kind.barrier_open:
        barrier.parties = records.argument(index);
        barrier.waiting.push(time, 0);
        break;
      case Kind.barrier_arrive:
        barrier.waiting.push(time, records.detail(index));
        break;
      case Kind.barrier_pass:
        barrier.passes += 1;
        barrier.waiting.push(time, 0);
        break;
      case Kind.barrier_break:
        barrier.broken = true;
        barrier.waiting.push(time, 0);
        break;
      case Kind.barrier_reset:
        barrier.broken = false;
        barrier.waiting.push(time, 0);
        break;
    }
  }

  #semaphoreOf(records: Records, index: number): SemaphoreHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const key = objectKey(process, object);
    let semaphore = this.#semaphoreByKey.get(key);
    if (!semaphore) {
      semaphore = { process, object, initial: NaN, value: new Steps(), acquired: 0, released: 0 };
      this.#semaphoreByKey.set(key, semaphore);
      this.semaphores.push(semaphore);
    }
    return semaphore;
  }

  #barrierOf(records: Records, index: number): BarrierHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const key = objectKey(process, object);
    let barrier = this.#barrierByKey.get(key);
    if (!barrier) {
      barrier = { process, object, parties: 0, waiting: new Steps(), passes: 0, broken: false };
      this.#barrierByKey.set(key, barrier);
      this.barriers.push(barrier);
    }
    return barrier;
  }
}
