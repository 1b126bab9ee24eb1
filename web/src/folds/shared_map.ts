import { Forkable } from './forkable.ts';

const bytesPerEntry = 40;

/** A map that is copied when it is first written to after a fork. */
export class SharedMap<K, V> extends Forkable {
  private map = new Map<K, V>();
  private isShared = false;

  get entries(): ReadonlyMap<K, V> {
    return this.map;
  }

  override fork(): this {
    this.isShared = true;
    return super.fork();
  }

  override get weight(): number {
    return this.isShared ? 0 : this.map.size * bytesPerEntry;
  }

  set(key: K, value: V): void {
    this.own().set(key, value);
  }

  delete(key: K): void {
    if (this.map.has(key)) this.own().delete(key);
  }

  private own(): Map<K, V> {
    if (this.isShared) this.map = new Map(this.map);
    this.isShared = false;
    return this.map;
  }
}
