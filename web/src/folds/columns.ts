/** Typed arrays that grow: what a fold keeps a million of. */

type Array = Float64Array | Uint32Array | Uint8Array;

class Column<A extends Array> {
  data: A;
  length = 0;

  constructor(empty: A) {
    this.data = empty;
  }

  push(value: number): void {
    if (this.length === this.data.length) this.#grow();
    this.data[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.data[index]!;
  }

  #grow(): void {
    const larger = new (this.data.constructor as new (length: number) => A)(Math.max(16, this.data.length * 2));
    larger.set(this.data);
    this.data = larger;
  }
}

export class Floats extends Column<Float64Array> {
  constructor() {
    super(new Float64Array(0));
  }
}

export class Words extends Column<Uint32Array> {
  constructor() {
    super(new Uint32Array(0));
  }
}

export class Bytes extends Column<Uint8Array> {
  constructor() {
    super(new Uint8Array(0));
  }
}

/** Index of the last of the ascending `values` that is ≤ `value`, or -1. */
export function lastAtMost(values: Floats, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values.data[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
