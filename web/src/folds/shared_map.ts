const bytesPerEntry = 40;

/** A map that is copied when it is first written to after a fork. */
export class SharedMap<K, V> {
  #map: Map<K, V>;
  #isShared = false;

  constructor(from?: SharedMap<K, V>) {
    this.#map = from ? from.#map : new Map<K, V>();
    if (from) from.#isShared = this.#isShared = true;
  }

  get entries(): ReadonlyMap<K, V> {
    return this.#map;
  }

  /** Bytes that a fork made now would keep from being freed. */
  get weight(): number {
    return this.#isShared ? 0 : this.#map.size * bytesPerEntry;
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): void {
    this.#own().delete(key);
  }

  #own(): Map<K, V> {
    if (this.#isShared) {
      this.#map = new Map(this.#map);
      this.#isShared = false;
    }
    return this.#map;
  }
}
