import { Floats, lastAtMost } from './columns.ts';
import { Forkable } from './forkable.ts';

/** Most spans examined for one column of pixels: a sample of the rest. */
const mostInColumn = 32;

/** Holders of a lock or the GIL over time. A holder is the key of a thread; 0 is none. */
export class Holding extends Forkable {
  readonly times = new Floats();
  readonly holders = new Floats();
  count = 0;

  push(time: number, holder: number): void {
    this.times.put(this.count, time);
    this.holders.put(this.count, holder);
    this.count += 1;
  }

  /** The holder at the end. */
  get holder(): number {
    return this.count > 0 ? this.holders.at(this.count - 1) : 0;
  }

  /** The span that holds the time, or -1 before the first. */
  spanAt(time: number): number {
    return lastAtMost(this.times, this.count, time);
  }

  spanEnd(index: number, now: number): number {
    return index + 1 < this.count ? this.times.at(index + 1) : Math.max(now, this.times.at(index));
  }

  /** The holder at the time. */
  at(time: number): number {
    const index = this.spanAt(time);
    return index < 0 ? 0 : this.holders.at(index);
  }

  /** The share of [from, to) in which anybody held it, for a column of pixels. */
  shareIn(from: number, to: number, now: number): number {
    let index = Math.max(0, this.spanAt(from));
    const last = Math.min(this.count, index + mostInColumn);
    let held = 0;
    let end = from;
    for (; index < last && this.times.at(index) < to; index += 1) {
      end = Math.min(to, this.spanEnd(index, now));
      if (this.holders.at(index) !== 0) held += end - Math.max(from, this.times.at(index));
    }
    // Of more spans than are examined, those that are stand for the others.
    const examined = (index < this.count && this.times.at(index) < to ? end : to) - from;
    return examined > 0 ? Math.min(1, held / examined) : 0;
  }

  /** The holder of the longest part of [from, to), for a column of pixels. 0 if it was not held at all. */
  mainIn(from: number, to: number, now: number): number {
    let index = this.spanAt(from);
    let best = 0;
    let bestLength = 0;
    if (index < 0) index = 0;
    const last = Math.min(this.count, index + mostInColumn);
    for (; index < last && this.times.at(index) < to; index += 1) {
      const holder = this.holders.at(index);
      const length = Math.min(to, this.spanEnd(index, now)) - Math.max(from, this.times.at(index));
      // A column is drawn as held however short the hold was: only gaps mean that it was free.
      if (holder !== 0 && length >= bestLength) [best, bestLength] = [holder, length];
    }
    return best;
  }
}
