import { Forkable } from './forkable.ts';

/** A list that is only appended to. A log and its forks share the entries and see a prefix each. */
export class Log<T> extends Forkable implements Iterable<T> {
  private readonly entries: T[] = [];
  length = 0;

  /** Appends an entry. A fork that folds again what its origin has folded meets the entry that is there. */
  push(make: () => T): void {
    if (this.length === this.entries.length) this.entries.push(make());
    this.length += 1;
  }

  at(index: number): T | undefined {
    return index < this.length ? this.entries[index] : undefined;
  }

  slice(from: number, to = this.length): T[] {
    return this.entries.slice(from, Math.min(to, this.length));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.slice(0).values();
  }
}
