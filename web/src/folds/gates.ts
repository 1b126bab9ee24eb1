import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';
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
  /** Times it was passed by all. */
  passes: number;
  broken: boolean;
}

/** Semaphores and barriers. */
export class Gates extends Fold {
  private readonly semaphoreEntities = new Entities<SemaphoreHistory>();
  private readonly barrierEntities = new Entities<BarrierHistory>();

  get semaphores(): readonly SemaphoreHistory[] {
    return this.semaphoreEntities.list;
  }

  get barriers(): readonly BarrierHistory[] {
    return this.barrierEntities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (kind >= Kind.semaphore_open && kind <= Kind.semaphore_release) this.semaphore(records, index, kind);
      else if (kind >= Kind.barrier_open && kind <= Kind.barrier_reset) this.barrier(records, index, kind);
    }
  }

  private semaphore(records: Records, index: number, kind: number): void {
    const semaphore = this.semaphoreOf(records, index);
    const value = records.argument(index);
    if (kind === Kind.semaphore_open) semaphore.initial = value;
    else if (kind === Kind.semaphore_acquire) semaphore.acquired += 1;
    else semaphore.released += records.detail(index);
    semaphore.value.push(records.time(index), value);
  }

  private barrier(records: Records, index: number, kind: number): void {
    const barrier = this.barrierOf(records, index);
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

  private semaphoreOf(records: Records, index: number): SemaphoreHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    return this.semaphoreEntities.get(owner, object, () => ({
      process,
      object,
      initial: NaN,
      value: new Steps(),
      acquired: 0,
      released: 0,
    }));
  }

  private barrierOf(records: Records, index: number): BarrierHistory {
    const [process, object] = [records.process(index), records.object(index)];
    const owner = ownerOf(process, object);
    return this.barrierEntities.get(owner, object, () => ({
      process,
      object,
      parties: 0,
      waiting: new Steps(),
      passes: 0,
      broken: false,
    }));
  }
}
