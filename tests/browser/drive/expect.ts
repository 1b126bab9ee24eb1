const show = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value)));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Where two values differ first, and how; null if they do not. */
function difference(found: unknown, wanted: unknown, place = ''): string | null {
  if (Object.is(found, wanted)) return null;
  if (!isObject(found) || !isObject(wanted)) return `${place && `at ${place} `}found ${show(found)}, must be ${show(wanted)}`;
  for (const key of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
    const inside = difference(found[key], wanted[key], place ? `${place}.${key}` : key);
    if (inside) return `${inside}${place ? '' : ` (all: ${show(found).slice(0, 500)})`}`;
  }
  return null;
}

export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

export function equal(found: unknown, wanted: unknown, what: string): void {
  const differs = difference(found, wanted);
  if (differs) throw new Error(`${what}: ${differs}`);
}

export function within(found: number, least: number, most: number, what: string): void {
  if (!(found >= least && found <= most)) throw new Error(`${what}: found ${found}, must be from ${least} to ${most}`);
}

export function matches(found: string, pattern: RegExp, what: string): void {
  if (!pattern.test(found)) throw new Error(`${what}: found ${show(found)}, must match ${pattern}`);
}
