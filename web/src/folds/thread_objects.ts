import { Kind } from '../trace/kinds.ts';
import { Words } from './columns.ts';
import { Places } from './entities.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';

/** Which thread an object stands for: those who join a thread wait for that object. */
export class ThreadObjects extends Fold {
  private readonly places = new Places();
  private readonly threads = new Words();
  private count = 0;

  /** Its number within its process; undefined if the object is no thread that has started. */
  of(process: number, object: number): number | undefined {
    const place = this.places.get(process, object) ?? Infinity;
    return place < this.count ? this.threads.at(place) : undefined;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const object = records.object(index);
      if (records.kind(index) !== Kind.thread_start || object === 0) continue;
      const process = records.process(index);
      if (this.of(process, object) !== undefined) continue;
      this.places.set(process, object, this.count);
      this.threads.put(this.count, records.thread(index));
      this.count += 1;
    }
  }
}
