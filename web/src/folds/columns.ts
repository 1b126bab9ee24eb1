/**
 * Typed arrays that grow: what a fold keeps a million of. A column has no length of its own. Each fold that appends to
 * it keeps the count, so that a fold and its forks share one column and see a prefix each.
 */

type Array = Float64Array | Uint32Array | Uint8Array;

class Column<A extends Array> {
  data: A;

  constructor(empty: A) {
    this.data = empty;
  }

  put(index: number, value: number): void {
    if (index >= this.data.length) this.#grow(index);
    this.data[index] = value;
  }

  at(index: number): number {
    return this.data[index]!;
  }

  #grow(index: number): void {
    const length = Math.max(16, index + 1, this.data.length * 2);
    const larger = new (this.data.constructor as new (length: number) => A)(length);
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

/** Index of the last of the first `count` ascending values that is ≤ `value`, or -1. */
export function lastAtMost(values: Floats, count: number, value: number): number {
  const { data } = values;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (data[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
