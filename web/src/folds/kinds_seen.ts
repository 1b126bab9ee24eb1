import type { Fold, Records } from './fold.ts';

/** Which kinds of records the run has made: what there is to show, and so which views are worth loading. */
export class KindsSeen implements Fold {
  readonly #counts = new Uint32Array(256);

  count(kind: number): number {
    return this.#counts[kind]!;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) this.#counts[records.kind(index)]! += 1;
  }
}
