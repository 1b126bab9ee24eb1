import type { Draft, Entry } from './entry.ts';

/** Where the history lies. */
export interface Store {
  /** All entries, in the order of their numbers. */
  list(): Promise<Entry[]>;
  add(draft: Draft, trace: ArrayBuffer | null): Promise<Entry>;
  /** The file with the trace; null if it was not kept. */
  trace(id: number): Promise<ArrayBuffer | null>;
  remove(ids: readonly number[]): Promise<void>;
}

/** Holds for the visit: for browsers that give the page no database. */
export class MemoryStore implements Store {
  readonly #rows = new Map<number, { entry: Entry; trace: ArrayBuffer | null }>();
  #last = 0;

  async list(): Promise<Entry[]> {
    return [...this.#rows.values()].map(({ entry }) => entry);
  }

  async add(draft: Draft, trace: ArrayBuffer | null): Promise<Entry> {
    this.#last += 1;
    const entry = { ...draft, id: this.#last };
    this.#rows.set(entry.id, { entry, trace });
    return entry;
  }

  async trace(id: number): Promise<ArrayBuffer | null> {
    return this.#rows.get(id)?.trace ?? null;
  }

  async remove(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#rows.delete(id);
  }
}
