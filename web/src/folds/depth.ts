import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';
import { Steps } from './steps.ts';

export interface QueueHistory extends Entity {
  process: number;
  object: number;
  /** 0: unbounded; NaN: the trace does not tell. */
  maxsize: number;
  depth: Steps;
  puts: number;
  gets: number;
  /** Items taken but not yet reported done; NaN until somebody reports one. */
  unfinished: number;
  /** NaN while the queue is open. */
  shutdownAt: number;
}

/** The depth of every queue over time. */
export class Depth extends Fold {
  private readonly entities = new Entities<QueueHistory>();

  get queues(): readonly QueueHistory[] {
    return this.entities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.queue_open:
          this.queueOf(records, index).maxsize = records.argument(index);
          break;
        case Kind.queue_put: {
          const queue = this.queueOf(records, index);
          queue.puts += 1;
          queue.depth.push(records.time(index), records.argument(index));
          break;
        }
        case Kind.queue_get: {
          const queue = this.queueOf(records, index);
          queue.gets += 1;
          queue.depth.push(records.time(index), records.argument(index));
          break;
        }
        case Kind.queue_task_done:
          this.queueOf(records, index).unfinished = records.argument(index);
          break;
        case Kind.queue_shutdown: {
          const queue = this.queueOf(records, index);
          queue.shutdownAt = records.time(index);
          // An immediate shutdown drops what was queued.
          if (records.detail(index) === 1) queue.depth.push(records.time(index), 0);
          break;
        }
      }
    }
  }

  private queueOf(records: Records, index: number): QueueHistory {
    const process = records.process(index);
    const object = records.object(index);
    const owner = ownerOf(process, object);
    return this.entities.get(owner, object, () => ({
      process,
      object,
      maxsize: NaN,
      depth: new Steps(),
      puts: 0,
      gets: 0,
      unfinished: NaN,
      shutdownAt: NaN,
    }));
  }
}
