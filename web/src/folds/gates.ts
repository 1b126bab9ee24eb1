import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { lightWeight, ownerOf } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

export interface SemaphoreHistory extends Entity {
  process: number;
  object: number;
  /** The value it began with. */
  initial: number;
  value: Steps;
  acquired: number;
  released: number;
}

export interface BarrierHistory extends Entity {
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
  readonly #semaphores: Entities<SemaphoreHistory>;
  readonly #barriers: Entities<BarrierHistory>;

  constructor(from?: Gates) {
    this.#semaphores = new Entities(from ? from.#semaphores : ((semaphore) => ({ ...semaphore, value: new Steps(semaphore.value) })));
    this.#barriers = new Entities(from ? from.#barriers : ((barrier) => ({ ...barrier, waiting: new Steps(barrier.waiting) })));
  }

  get semaphores(): readonly Readonly<SemaphoreHistory>[] {
    return this.#semaphores.list;
  }

  get barriers(): readonly Readonly<BarrierHistory>[] {
    return this.#barriers.list;
  }

  get weight(): number {
    return lightWeight + this.#semaphores.weight + this.#barriers.weight;
  }

  fork(): Gates {
    return new Gates(this);
  }

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
    const owner = ownerOf(process, object);
    const known = this.#semaphores.find(owner, object);
    if (known) return this.#semaphores.own(known);
    return this.#semaphores.add(owner, object, {
      place: 0, stamp: 0, process, object, initial: NaN, value: new Steps(), acquired: 0, released: 0,
    });
  }

  #barrierOf(records: Records, index: number): BarrierHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    const known = this.#barriers.find(owner, object);
    if (known) return this.#barriers.own(known);
    return this.#barriers.add(owner, object, {
      place: 0, stamp: 0, process, object, parties: 0, waiting: new Steps(), passes: 0, broken: false,
    });
  }
}
