import { Kind } from '../trace/kinds.ts';
import { objectKey } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Steps } from './steps.ts';

export interface QueueHistory {
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

/** How full every queue was when. */
export class Depth implements Fold {
  readonly queues: QueueHistory[] = [];
  readonly #byKey = new Map<number, QueueHistory>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      switch (records.kind(index)) {
        case Kind.queue_open:
          this.#queueOf(records, index).maxsize = records.argument(index);
          break;
        case Kind.queue_put: {
          const queue = this.#queueOf(records, index);
          queue.puts += 1;
          queue.depth.push(records.time(index), records.argument(index));
          break;
        }
        case Kind.queue_get: {
          const queue = this.#queueOf(records, index);
          queue.gets += 1;
          queue.depth.push(records.time(index), records.argument(index));
          break;
        }
        case Kind.queue_task_done:
          this.#queueOf(records, index).unfinished = records.argument(index);
          break;
        case Kind.queue_shutdown: {
          const queue = this.#queueOf(records, index);
          queue.shutdownAt = records.time(index);
          // An immediate shutdown drops what was queued.
          if (records.detail(index) === 1) queue.depth.push(records.time(index), 0);
          break;
        }
      }
    }
  }

  #queueOf(records: Records, index: number): QueueHistory {
    const process = records.process(index);
    const object = records.object(index);
    const key = objectKey(process, object);
    let queue = this.#byKey.get(key);
    if (!queue) {
      queue = { process, object, maxsize: NaN, depth: new Steps(), puts: 0, gets: 0, unfinished: NaN, shutdownAt: NaN };
      this.#byKey.set(key, queue);
      this.queues.push(queue);
    }
    return queue;
  }
}
