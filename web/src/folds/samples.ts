import { Kind } from '../trace/kinds.ts';
import { Floats } from './columns.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Forkable } from './forkable.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { NumberedNames } from './numbered_names.ts';

/** Numbers of one name, as a distribution. */
export class Distribution extends Forkable implements Entity {
  place = 0;
  stamp = 0;
  readonly name: string;
  private readonly values = new Floats();
  /** Counting goes on from what was counted last, by this one or by one that shares the values. */
  private readonly counted = { upTo: 0, counts: new Map<number, number>() };
  count = 0;
  least = Infinity;
  most = -Infinity;

  constructor(name: string) {
    super();
    this.name = name;
  }

  add(value: number): void {
    this.values.put(this.count, value);
    this.count += 1;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  get distinct(): number {
    return this.counts().size;
  }

  /** Values with how often they came, ascending. */
  sorted(): [value: number, count: number][] {
    return [...this.counts()].sort(([a], [b]) => a - b);
  }

  /** The middle one, or the mean of the two in the middle. */
  get median(): number {
    const values = this.sorted();
    const at = (rank: number) => {
      let seen = 0;
      for (const [value, count] of values) {
        seen += count;
        if (seen > rank) return value;
      }
      return NaN;
    };
    const half = Math.floor(this.count / 2);
    return this.count % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
  }

  private counts(): Map<number, number> {
    const counted = this.counted;
    if (counted.upTo > this.count) {
      counted.upTo = 0;
      counted.counts.clear();
    }
    for (; counted.upTo < this.count; counted.upTo += 1) {
      const value = this.values.at(counted.upTo);
      counted.counts.set(value, (counted.counts.get(value) ?? 0) + 1);
    }
    return counted.counts;
  }
}

/** Figures that a demo took again and again, by name. */
export class Samples extends Fold {
  private readonly names = new NumberedNames();
  private readonly entities = new Entities<Distribution>();

  get distributions(): readonly Distribution[] {
    return this.entities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.sample) continue;
      const [, name, figure] = /^(.*?)=(.*)$/s.exec(records.text(index)) ?? [];
      const value = Number(figure);
      if (name === undefined || !Number.isFinite(value)) continue;
      this.entities.get(0, this.names.numberOf(name), () => new Distribution(name)).add(value);
    }
  }
}
