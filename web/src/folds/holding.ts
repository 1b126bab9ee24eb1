import { Floats, Words, lastAtMost } from './columns.ts';

/** Spans looked at for one column of pixels: where there are more, these stand for them. */
const mostInColumn = 32;

/** Who had something when: a lock, the GIL. Thread 0 is nobody. */
export class Holding {
  readonly times = new Floats();
  readonly threads = new Words();

  push(time: number, thread: number): void {
    this.times.push(time);
    this.threads.push(thread);
  }

  /** Who has it now. */
  get holder(): number {
    return this.threads.length > 0 ? this.threads.at(this.threads.length - 1) : 0;
  }

  /** The span that holds the time, or -1 before the first. */
  spanAt(time: number): number {
    return lastAtMost(this.times, time);
  }

  spanEnd(index: number, now: number): number {
    return index + 1 < this.times.length ? this.times.at(index + 1) : Math.max(now, this.times.at(index));
  }

  /** The thread that had it for the longest part of [from, to): what a column of pixels shows. 0 if nobody had it at all. */
  mainIn(from: number, to: number, now: number): number {
    let index = this.spanAt(from);
    let best = 0;
    let bestLength = 0;
    if (index < 0) index = 0;
    const last = Math.min(this.times.length, index + mostInColumn);
    for (; index < last && this.times.at(index) < to; index += 1) {
      const thread = this.threads.at(index);
      const length = Math.min(to, this.spanEnd(index, now)) - Math.max(from, this.times.at(index));
      // However short, it was had: a lane with gaps says nobody wanted it.
      if (thread !== 0 && length >= bestLength) [best, bestLength] = [thread, length];
    }
    return best;
  }
}
