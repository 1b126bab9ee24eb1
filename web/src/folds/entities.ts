import { WordTable } from '../trace/word_table.ts';

/** A thread, a lock, a queue: something that records tell of again and again. */
export interface Entity {
  /** Its place in the list. */
  place: number;
  /** Which fold may write to it. */
  stamp: number;
}

/** Places by two numbers. They never change, so a fold and its forks share the table. */
export class Places {
  readonly #groups = new Map<number, WordTable>();
  #group = NaN;
  #table = new WordTable();

  /** The place, or -1. */
  get(group: number, id: number): number {
    if (group !== this.#group) this.#choose(group);
    // Ids are one higher in the table, in which there is no key 0.
    return this.#table.get(id + 1) - 1;
  }

  set(group: number, id: number, place: number): void {
    if (group !== this.#group) this.#choose(group);
    this.#table.set(id + 1, place + 1);
  }

  #choose(group: number): void {
    let table = this.#groups.get(group);
    if (!table) this.#groups.set(group, (table = new WordTable()));
    this.#group = group;
    this.#table = table;
  }
}

const bytesPerCopy = 200;
const bytesPerPlace = 4;

let stamps = 0;

/**
 * The entities of a fold, in the order of their appearance, found by two numbers. A fork shares the entities; whichever
 * of the two writes to one first copies it.
 */
export class Entities<E extends Entity> {
  readonly #copy: (entity: E) => E;
  readonly #places: Places;
  #list: E[];
  #isShared = false;
  #stamp = ++stamps;
  #copied = 0;

  /** `copy` makes an entity that can be written to without changing the one given. */
  constructor(from: Entities<E> | ((entity: E) => E)) {
    if (typeof from === 'function') {
      this.#copy = from;
      this.#places = new Places();
      this.#list = [];
      return;
    }
    this.#copy = from.#copy;
    this.#places = from.#places;
    this.#list = from.#list;
    this.#isShared = from.#isShared = true;
    from.#stamp = ++stamps;
    from.#copied = 0;
  }

  get list(): readonly E[] {
    return this.#list;
  }

  /** Bytes that a fork made now would keep from being freed. */
  get weight(): number {
    return this.#copied * bytesPerCopy + (this.#isShared ? 0 : this.#list.length * bytesPerPlace);
  }

  /** For reading only. */
  find(group: number, id: number): E | undefined {
    // In a fork, the table may know of entities that are yet to come: their places are beyond the list.
    const place = this.#places.get(group, id);
    return place < 0 ? undefined : this.#list[place];
  }

  /** The entity of this list, for writing. */
  own(entity: E): E {
    if (entity.stamp === this.#stamp) return entity;
    const copy = this.#copy(entity);
    copy.stamp = this.#stamp;
    this.#ownList()[entity.place] = copy;
    this.#copied += 1;
    return copy;
  }

  add(group: number, id: number, entity: E): E {
    const list = this.#ownList();
    entity.place = list.length;
    entity.stamp = this.#stamp;
    this.#places.set(group, id, entity.place);
    list.push(entity);
    this.#copied += 1;
    return entity;
  }

  #ownList(): E[] {
    if (this.#isShared) {
      this.#list = this.#list.slice();
      this.#isShared = false;
    }
    return this.#list;
  }
}
