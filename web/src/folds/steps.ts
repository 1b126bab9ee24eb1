import { Floats, lastAtMost } from './columns.ts';
import { Forkable } from './forkable.ts';

const blockLength = 64;

/** A number that changes at moments: a queue's depth, tasks that wait. Before the first moment it is 0. */
export class Steps extends Forkable {
  readonly times = new Floats();
  readonly values = new Floats();
  /** Of each full block of values. */
  private readonly least = new Floats();
  private readonly most = new Floats();
  count = 0;
  maximum = 0;
  last = 0;

  push(time: number, value: number): void {
    const index = this.count;
    this.times.put(index, time);
    this.values.put(index, value);
    this.count = index + 1;
    this.last = value;
    if (value > this.maximum) this.maximum = value;
    if (this.count % blockLength === 0) this.closeBlock(this.count - blockLength);
  }

  at(time: number): number {
    const index = lastAtMost(this.times, this.count, time);
    return index < 0 ? 0 : this.values.at(index);
  }

  /** Least and most of the values held within [from, to), the one held on entry included. */
  rangeIn(from: number, to: number): { least: number; most: number; last: number } {
    let index = lastAtMost(this.times, this.count, from);
    const entry = index < 0 ? 0 : this.values.at(index);
    let least = entry;
    let most = entry;
    let last = entry;
    index += 1;
    const end = lastAtMost(this.times, this.count, to) + 1;
    if (end > index) last = this.values.at(end - 1);
    while (index < end) {
      if (index % blockLength === 0 && index + blockLength <= end) {
        const block = index / blockLength;
        least = Math.min(least, this.least.at(block));
        most = Math.max(most, this.most.at(block));
        index += blockLength;
      } else {
        const value = this.values.data[index]!;
        if (value < least) least = value;
        if (value > most) most = value;
        index += 1;
      }
    }
    return { least, most, last };
  }

  private closeBlock(first: number): void {
    const { data } = this.values;
    let least = data[first]!;
    let most = least;
    for (let index = first + 1; index < first + blockLength; index += 1) {
      const value = data[index]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    this.least.put(first / blockLength, least);
    this.most.put(first / blockLength, most);
  }
}
