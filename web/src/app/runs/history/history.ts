import { signal } from '@preact/signals-core';
import { beyond, historyLimits } from './entry.ts';
import type { Draft, Entry, HistoryLimits } from './entry.ts';
import type { Store } from './store.ts';

/** Former runs, within limits: the oldest go first. */
export class History {
  /** In the order of their numbers; null until they have been read. */
  readonly entries = signal<readonly Entry[] | null>(null);
  readonly #store: Store;
  readonly #limits: HistoryLimits;

  constructor(store: Store, limits = historyLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Reads the list again: other tabs of the page write to it, too. */
  async read(): Promise<void> {
    this.entries.value = await this.#store.list();
  }

  async add(draft: Draft, trace: ArrayBuffer | null): Promise<Entry> {
    const added = await this.#store.add(draft, trace);
    const all = await this.#store.list();
    const old = beyond(all, this.#limits);
    if (old.length > 0) await this.#store.remove(old);
    this.entries.value = all.filter(({ id }) => !old.includes(id));
    return added;
  }

  /** The file with the trace of a run; null if it is not there. */
  trace(id: number): Promise<ArrayBuffer | null> {
    return this.#store.trace(id);
  }

  async remove(ids: readonly number[]): Promise<void> {
    await this.#store.remove(ids);
    await this.read();
  }
}
