import type { ConsoleLines } from '../../folds/console.ts';

/** Lines that contain a text, found piece by piece as lines arrive. */
export class FilteredLines {
  readonly #lines: ConsoleLines;
  readonly #needle: string;
  readonly #found: number[] = [];
  #looked = 0;

  constructor(lines: ConsoleLines, needle: string) {
    this.#lines = lines;
    this.#needle = needle.toLowerCase();
  }

  /** How many there are now. */
  count(): number {
    if (this.#needle === '') return this.#lines.length;
    for (; this.#looked < this.#lines.length; this.#looked += 1) {
      if (this.#lines.texts[this.#looked]!.toLowerCase().includes(this.#needle)) this.#found.push(this.#looked);
    }
    return this.#found.length;
  }

  /** The line at a row. */
  at(row: number): number {
    return this.#needle === '' ? row : this.#found[row]!;
  }
}

/** Rows to have in the document: those in sight and a quarter of that on both sides. */
export function rowsInSight(scrollTop: number, height: number, rowHeight: number, count: number): { first: number; last: number } {
  const extra = Math.ceil(height / rowHeight / 4);
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)) - extra);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + extra);
  return { first, last };
}
