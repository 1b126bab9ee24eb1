/** Bytes of an object of a few fields, roughly. */
const bytesPerObject = 64;
const bytesPerEntry = 40;

/**
 * An object that can be forked: the fork has the same state, and changes to either do not show in the other.
 * Fields that are forkable themselves are forked, numbers and maps are copied, and everything else is shared.
 */
export abstract class Forkable {
  fork(): this {
    return forkOf(this);
  }

  /** Bytes that a fork made now would keep from being freed, roughly. */
  get weight(): number {
    let sum = bytesPerObject;
    for (const name in this) {
      const field: unknown = this[name];
      if (field instanceof Forkable) sum += field.weight;
      else if (field instanceof Map) sum += field.size * bytesPerEntry;
    }
    return sum;
  }
}

export function forkOf<T extends object>(of: T): T {
  const fork = Object.create(Object.getPrototypeOf(of) as object) as T;
  for (const name in of) {
    const field = of[name];
    fork[name] = field instanceof Forkable ? field.fork() : field instanceof Map ? (new Map(field) as typeof field) : field;
  }
  return fork;
}
