import { Forkable, forkOf } from './forkable.ts';

/** A thread, a lock, a queue: the subject of many records. */
export interface Entity {
  /** Its place in the list. */
  place: number;
  /** Which fold may write to it. */
  stamp: number;
}

/** Places by two numbers. They never change, so a fold and its forks share the table. */
export class Places {
  readonly #groups = new Map<number, Map<number, number>>();

  get(group: number, id: number): number | undefined {
    return this.#groups.get(group)?.get(id);
  }

  set(group: number, id: number, place: number): void {
    const places = this.#groups.get(group);
    if (places) places.set(id, place);
    else this.#groups.set(group, new Map([[id, place]]));
  }
}

const bytesPerCopy = 200;
const bytesPerPlace = 4;

let stamps = 0;

/**
 * The entities of a fold, in the order of their appearance, found by two numbers. A fork shares the entities; whichever
 * of the two writes to one first copies it.
 */
export class Entities<E extends Entity> extends Forkable {
  private readonly places = new Places();
  private entities: E[] = [];
  private isShared = false;
  private stamp = ++stamps;
  private copied = 0;

  get list(): readonly E[] {
    return this.entities;
  }

  override fork(): this {
    this.isShared = true;
    this.copied = 0;
    const fork = super.fork();
    fork.stamp = ++stamps;
    this.stamp = ++stamps;
    return fork;
  }

  override get weight(): number {
    return this.copied * bytesPerCopy + (this.isShared ? 0 : this.entities.length * bytesPerPlace);
  }

  /** For reading only. */
  find(group: number, id: number): E | undefined {
    // In a fork, the table may know of entities that are yet to come: their places are beyond the list.
    return this.entities[this.places.get(group, id) ?? -1];
  }

  /** The entity of this list, for writing. */
  own(entity: E): E {
    if (entity.stamp === this.stamp) return entity;
    const copy = forkOf(entity);
    copy.stamp = this.stamp;
    this.ownList()[entity.place] = copy;
    this.copied += 1;
    return copy;
  }

  /** For writing: the one that is there, or the one that `make` makes. */
  get(group: number, id: number, make: () => Omit<E, keyof Entity>): E {
    const known = this.find(group, id);
    return known ? this.own(known) : this.add(group, id, make());
  }

  add(group: number, id: number, made: Omit<E, keyof Entity>): E {
    const list = this.ownList();
    const place = list.length;
    const entity = Object.assign(made, { place, stamp: this.stamp }) as E;
    this.places.set(group, id, place);
    list.push(entity);
    this.copied += 1;
    return entity;
  }

  private ownList(): E[] {
    if (this.isShared) this.entities = this.entities.slice();
    this.isShared = false;
    return this.entities;
  }
}
