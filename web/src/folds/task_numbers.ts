import { Kind } from '../trace/kinds.ts';
import { Words } from './columns.ts';
import { Places } from './entities.ts';
import { Fold, ownerOf } from './fold.ts';
import type { Records } from './fold.ts';

/** Number of a task within its executor, as the timeline labels it. */
export class TaskNumbers extends Fold {
  /** Tasks of each executor so far, by key. */
  private readonly counts = new Map<number, number>();
  private readonly places = new Places();
  private readonly numbers = new Words();
  private count = 0;

  /** From 1; undefined for a task that the records have not told of. */
  of(process: number, future: number): number | undefined {
    const place = this.places.get(ownerOf(process, future), future) ?? Infinity;
    return place < this.count ? this.numbers.at(place) : undefined;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      // A task whose submission was lost is told of by its start.
      if (kind !== Kind.task_submit && kind !== Kind.task_start) continue;
      const process = records.process(index);
      const future = records.object(index);
      if (this.of(process, future) !== undefined) continue;
      const executor = ownerOf(process, records.detail(index)) * 2 ** 32 + records.detail(index);
      const number = (this.counts.get(executor) ?? 0) + 1;
      this.counts.set(executor, number);
      this.places.set(ownerOf(process, future), future, this.count);
      this.numbers.put(this.count, number);
      this.count += 1;
    }
  }
}
