import type { Records } from './fold.ts';
import { Fold } from './fold.ts';

const never = 2 ** 32 - 1;

/** Kinds of records in the trace, which decide which views are loaded. */
export class KindsSeen extends Fold {
  /** Index of the first record of each kind. */
  private readonly first = new Uint32Array(256).fill(never);
  private taken = 0;

  has(kind: number): boolean {
    return this.first[kind]! < this.taken;
  }

  take(records: Records, from: number, to: number): void {
    const first = this.first;
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (index < first[kind]!) first[kind] = index;
    }
    this.taken = to;
  }
}
