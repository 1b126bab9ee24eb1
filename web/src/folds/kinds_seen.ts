import type { Fold, Records } from './fold.ts';
import { lightWeight } from './fold.ts';

const never = 2 ** 32 - 1;

/** Which kinds of records the run has made: what there is to show, and so which views are worth loading. */
export class KindsSeen implements Fold {
  /** Index of the first record of each kind. */
  readonly #first: Uint32Array;
  #taken: number;
  readonly weight = lightWeight;

  constructor(from?: KindsSeen) {
    this.#first = from ? from.#first : new Uint32Array(256).fill(never);
    this.#taken = from ? from.#taken : 0;
  }

  has(kind: number): boolean {
    return this.#first[kind]! < this.#taken;
  }

  take(records: Records, from: number, to: number): void {
    const first = this.#first;
    for (let index = from; index < to; index += 1) {
      const kind = records.kind(index);
      if (index < first[kind]!) first[kind] = index;
    }
    this.#taken = to;
  }

  fork(): KindsSeen {
    return new KindsSeen(this);
  }
}
