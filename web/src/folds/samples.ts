import { Kind } from '../trace/kinds.ts';
import { Floats } from './columns.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { lightWeight } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { NumberedNames } from './numbered_names.ts';

/** How often each of the first `upTo` values came. */
interface Counted {
  upTo: number;
  counts: Map<number, number>;
}

/** Numbers of one name, as a distribution. */
export class Distribution implements Entity {
  place: number;
  stamp = 0;
  readonly name: string;
  readonly #values: Floats;
  /** Counting goes on from what was counted last, by this one or by one that shares the values. */
  readonly #counted: Counted;
  count: number;
  least: number;
  most: number;

  constructor(from: string | Distribution) {
    const origin = typeof from === 'string' ? undefined : from;
    this.place = origin ? origin.place : 0;
    this.name = typeof from === 'string' ? from : from.name;
    this.#values = origin ? origin.#values : new Floats();
    this.#counted = origin ? origin.#counted : { upTo: 0, counts: new Map<number, number>() };
    this.count = origin ? origin.count : 0;
    this.least = origin ? origin.least : Infinity;
    this.most = origin ? origin.most : -Infinity;
  }

  add(value: number): void {
    this.#values.put(this.count, value);
    this.count += 1;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  get distinct(): number {
    return this.#counts().size;
  }

  /** Values with how often they came, ascending. */
  sorted(): [value: number, count: number][] {
    return [...this.#counts()].sort(([a], [b]) => a - b);
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

  #counts(): Map<number, number> {
    const counted = this.#counted;
    if (counted.upTo > this.count) {
      counted.upTo = 0;
      counted.counts.clear();
    }
    for (; counted.upTo < this.count; counted.upTo += 1) {
      const value = this.#values.at(counted.upTo);
      counted.counts.set(value, (counted.counts.get(value) ?? 0) + 1);
    }
    return counted.counts;
  }
}

/** Figures that a demo took again and again, by name. */
export class Samples implements Fold {
  readonly #names: NumberedNames;
  readonly #distributions: Entities<Distribution>;

  constructor(from?: Samples) {
    this.#names = from ? from.#names : new NumberedNames();
    this.#distributions = new Entities(from ? from.#distributions : ((distribution) => new Distribution(distribution)));
  }

  get distributions(): readonly Distribution[] {
    return this.#distributions.list;
  }

  get weight(): number {
    return lightWeight + this.#distributions.weight;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.sample) continue;
      const [, name, figure] = /^(.*?)=(.*)$/s.exec(records.text(index)) ?? [];
      const value = Number(figure);
      if (name === undefined || !Number.isFinite(value)) continue;
      const id = this.#names.numberOf(name);
      const known = this.#distributions.find(0, id);
      (known ? this.#distributions.own(known) : this.#distributions.add(0, id, new Distribution(name))).add(value);
    }
  }

  fork(): Samples {
    return new Samples(this);
  }
}
