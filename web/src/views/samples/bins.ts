import type { Distribution } from '../../folds/samples.ts';

export interface Bin {
  /** Values from `from` up to `to`, which belongs to the next bin but in the last; a single value if they are equal. */
  from: number;
  to: number;
  count: number;
  /** It has the few that are so much larger than the others that the others would share one bar with them. */
  isTail?: boolean;
}

/** Up to where bars of one width show something: below the largest twentieth, if that reaches far beyond the others. */
function endOfMost(distribution: Distribution, values: readonly [value: number, count: number][]): number {
  const { least, most, count } = distribution;
  let above = 0;
  for (const [value, times] of values.toReversed()) {
    above += times;
    if (above > count / 20) return most - least > 3 * (value - least) && value > least ? value : most;
  }
  return most;
}

/** A distribution in bars of equal width: one a value while there are few whole values, else at most so many of a round width. */
export function binsOf(distribution: Distribution, most = 40): Bin[] {
  const values = distribution.sorted();
  if (values.length === 0) return [];
  const { least } = distribution;
  const largest = endOfMost(distribution, values);
  const range = largest - least;
  const whole = values.every(([value]) => Number.isInteger(value));
  if (whole && range < most && largest === distribution.most) {
    const counts = new Map(values);
    return Array.from({ length: range + 1 }, (_, place) => {
      const value = least + place;
      return { from: value, to: value, count: counts.get(value) ?? 0 };
    });
  }
  if (range === 0) return [{ from: least, to: least, count: distribution.count }];
  const width = roundWidth(range / most, whole);
  const first = Math.floor(least / width);
  const isWhole = largest === distribution.most;
  // The most there is belongs to the last bar, also where it lies on an edge.
  const end = isWhole ? Math.max(first + 1, Math.ceil(largest / width)) : Math.floor(largest / width) + 1;
  const bins = Array.from(
    { length: end - first },
    (_, place): Bin => ({
      from: (first + place) * width,
      to: (first + place + 1) * width,
      count: 0,
    }),
  );
  const edge = bins.at(-1)!.to;
  if (isWhole) bins.at(-1)!.to = Math.min(edge, distribution.most);
  else if (edge <= distribution.most) bins.push({ from: edge, to: distribution.most, count: 0, isTail: true });
  for (const [value, count] of values) bins[Math.min(Math.floor(value / width) - first, bins.length - 1)]!.count += count;
  return bins;
}

/** The least of 1, 2, 5 with zeros that is not below. */
function roundWidth(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const width = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least * 0.999) ?? 10 * power;
  return whole ? Math.max(1, width) : width;
}
