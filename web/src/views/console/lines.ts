import type { ConsoleLines } from '../../folds/console.ts';

/** Lines of a run that contain a text, found piece by piece as lines arrive. */
export class FilteredLines {
  readonly #needle: string;
  readonly #found: number[] = [];
  #looked = 0;

  constructor(needle: string) {
    this.#needle = needle.toLowerCase();
  }

  /** How many there are among these, which are the run's lines up to some moment. */
  count(lines: ConsoleLines): number {
    if (this.#needle === '') return lines.length;
    for (; this.#looked < lines.length; this.#looked += 1) {
      if (lines.texts.at(this.#looked)!.toLowerCase().includes(this.#needle)) this.#found.push(this.#looked);
    }
    if (this.#looked === lines.length) return this.#found.length;
    const beyond = this.#found.findIndex((line) => line >= lines.length);
    return beyond < 0 ? this.#found.length : beyond;
  }

  /** The line at a row. */
  at(row: number): number {
    return this.#needle === '' ? row : this.#found[row]!;
  }
}

/** Rows to have in the document: the visible ones and a quarter of their number on both sides. */
export function visibleRows(scrollTop: number, height: number, rowHeight: number, count: number): { first: number; last: number } {
  const extra = Math.ceil(height / rowHeight / 4);
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)) - extra);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + extra);
  return { first, last };
}
