import { Kind } from '../trace/kinds.ts';
import type { Fold, Records } from './fold.ts';

/** Numbers of one name, as a distribution. */
export class Distribution {
  readonly name: string;
  readonly #counts = new Map<number, number>();
  count = 0;
  least = Infinity;
  most = -Infinity;

  constructor(name: string) {
    this.name = name;
  }

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.count += 1;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  get distinct(): number {
    return this.#counts.size;
  }

  /** Values with how often they came, ascending. */
  sorted(): [value: number, count: number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** The middle one, or the mean of the two in the middle. */
  get median(): number {
    const values = this.sorted();
    const at = (rank: number) => {
      let seen = 0;
      return values.find(([, count]) => (seen += count) > rank)?.[0] ?? NaN;
    };
    const half = Math.floor(this.count / 2);
    return this.count % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
  }
}

/** Figures that a demo took again and again, by name. */
export class Samples implements Fold {
  readonly byName = new Map<string, Distribution>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.sample) continue;
      const [, name, figure] = /^(.*?)=(.*)$/s.exec(records.text(index)) ?? [];
      const value = Number(figure);
      if (name === undefined || !Number.isFinite(value)) continue;
      let distribution = this.byName.get(name);
      if (!distribution) this.byName.set(name, (distribution = new Distribution(name)));
      distribution.add(value);
    }
  }
}
