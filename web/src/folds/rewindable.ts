import type { Fold, Records } from './fold.ts';

/** Records from one checkpoint to the next: what a rewind folds again at most. */
const defaultInterval = 4096;
/** Bytes a record that the checkpoints of one fold may take. Where they would take more there are fewer of them. */
const mostBytes = 6;

interface Checkpoint<F> {
  taken: number;
  fold: F;
}

/** A fold that can be had as of any record that it has taken. */
export class Rewindable<F extends Fold> {
  readonly #fold: F;
  readonly #checkpoints: Checkpoint<F>[];
  readonly #interval: number;
  /** Records folded so far. */
  taken = 0;
  /** Bytes that the checkpoints keep, roughly. */
  checkpointBytes = 0;

  constructor(kind: new () => F, interval = defaultInterval) {
    this.#interval = interval;
    this.#fold = new kind();
    this.#checkpoints = [{ taken: 0, fold: this.#fold.fork() }];
  }

  /** Takes the records up to `to`. */
  advance(records: Records, to: number): void {
    while (this.taken < to) {
      const next = Math.min(to, (Math.floor(this.taken / this.#interval) + 1) * this.#interval);
      this.#fold.take(records, this.taken, next);
      this.taken = next;
      if (next % this.#interval === 0) this.#keep();
    }
  }

  /**
   * The fold as it was when it had taken so many records, or as it is if it has not got there. Infinity: the fold itself,
   * which goes on changing.
   */
  at(records: Records, cursor: number): F {
    if (cursor === Infinity) return this.#fold;
    if (cursor >= this.taken) return this.#fold.fork();
    const { taken, fold } = this.#checkpoints.findLast((checkpoint) => checkpoint.taken <= cursor)!;
    const rewound = fold.fork();
    rewound.take(records, taken, cursor);
    return rewound;
  }

  /** Lets go of all checkpoints but the first. */
  forget(): void {
    this.#checkpoints.length = 1;
    this.checkpointBytes = 0;
  }

  /** Keeps a checkpoint, if those since the last pay for it. */
  #keep(): void {
    const since = this.taken - this.#checkpoints.at(-1)!.taken;
    const { weight } = this.#fold;
    if (weight > since * mostBytes) return;
    this.checkpointBytes += weight;
    this.#checkpoints.push({ taken: this.taken, fold: this.#fold.fork() });
  }
}
