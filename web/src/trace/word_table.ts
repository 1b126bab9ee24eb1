const hashFactor = 0x9e3779b1;

/** Hash table from numbers of 32 bits other than 0 to such numbers; what is not in it is 0. */
export class WordTable {
  #keys = new Uint32Array(64);
  #values = new Uint32Array(64);
  #shift = 32 - 6;
  #count = 0;

  get(key: number): number {
    return this.#values[this.#place(key)]!;
  }

  set(key: number, value: number): void {
    let place = this.#place(key);
    if (this.#keys[place] === 0) {
      if (this.#count * 2 >= this.#keys.length) {
        this.#grow();
        place = this.#place(key);
      }
      this.#keys[place] = key;
      this.#count += 1;
    }
    this.#values[place] = value;
  }

  #place(key: number): number {
    const mask = this.#keys.length - 1;
    let place = Math.imul(key, hashFactor) >>> this.#shift;
    while (this.#keys[place] !== key && this.#keys[place] !== 0) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Uint32Array(keys.length * 2);
    this.#shift -= 1;
    for (let index = 0; index < keys.length; index += 1) {
      if (keys[index] === 0) continue;
      const place = this.#place(keys[index]!);
      this.#keys[place] = keys[index]!;
      this.#values[place] = values[index]!;
    }
  }
}
