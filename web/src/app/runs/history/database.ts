import type { Draft, Entry } from './entry.ts';
import type { Store } from './store.ts';

const name = 'weft';
/** Of the database's layout. */
const version = 1;

/** Entries by their numbers, and traces by the same: the list is read without the traces. */
const [entries, traces] = ['runs', 'traces'];

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}

/** The history in the browser's IndexedDB. */
export class Database implements Store {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Fails where the browser gives the page no database, as some do in private windows. */
  static async open(): Promise<Database> {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(entries, { keyPath: 'id', autoIncrement: true });
      request.result.createObjectStore(traces);
    };
    const database = await settled(request);
    // A later version of the page, in another tab, may lay it out anew.
    database.onversionchange = () => database.close();
    return new Database(database);
  }

  list(): Promise<Entry[]> {
    return settled(this.#database.transaction(entries).objectStore(entries).getAll());
  }

  async add(draft: Draft, trace: ArrayBuffer | null): Promise<Entry> {
    const transaction = this.#database.transaction([entries, traces], 'readwrite');
    const done = completed(transaction);
    const adding = transaction.objectStore(entries).add(draft);
    adding.onsuccess = () => {
      if (trace) transaction.objectStore(traces).put(trace, adding.result);
    };
    await done;
    return { ...draft, id: adding.result as number };
  }

  async trace(id: number): Promise<ArrayBuffer | null> {
    return (await settled(this.#database.transaction(traces).objectStore(traces).get(id))) ?? null;
  }

  async remove(ids: readonly number[]): Promise<void> {
    const transaction = this.#database.transaction([entries, traces], 'readwrite');
    const done = completed(transaction);
    for (const id of ids) for (const from of [entries, traces]) transaction.objectStore(from).delete(id);
    await done;
  }
}
