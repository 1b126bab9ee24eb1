import { Floats, lastAtMost } from './columns.ts';

const blockLength = 64;

/** A number that changes at moments: a queue's depth, tasks that wait. Before the first moment it is 0. */
export class Steps {
  readonly times = new Floats();
  readonly values = new Floats();
  readonly #least = new Floats();
  readonly #most = new Floats();
  maximum = 0;
  last = 0;

  push(time: number, value: number): void {
    const index = this.times.length;
    this.times.push(time);
    this.values.push(value);
    this.last = value;
    if (value > this.maximum) this.maximum = value;
    if (index % blockLength === 0) {
      this.#least.push(value);
      this.#most.push(value);
    } else {
      const block = Math.floor(index / blockLength);
      if (value < this.#least.at(block)) this.#least.data[block] = value;
      if (value > this.#most.at(block)) this.#most.data[block] = value;
    }
  }

  at(time: number): number {
    const index = lastAtMost(this.times, time);
    return index < 0 ? 0 : this.values.at(index);
  }

  /** Least and most of the values held within [from, to), the one held on entry included. */
  rangeIn(from: number, to: number): { least: number; most: number; last: number } {
    let index = lastAtMost(this.times, from);
    const entry = index < 0 ? 0 : this.values.at(index);
    let least = entry;
    let most = entry;
    let last = entry;
    index += 1;
    const end = lastAtMost(this.times, to) + 1;
    if (end > index) last = this.values.at(end - 1);
    while (index < end) {
      if (index % blockLength === 0 && index + blockLength <= end) {
        const block = index / blockLength;
        least = Math.min(least, this.#least.at(block));
        most = Math.max(most, this.#most.at(block));
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
}
