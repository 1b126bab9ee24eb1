import { absent, stateCount } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import { categories, categoryOfState } from './palette.ts';
import type { Category } from './palette.ts';

export interface Totals {
  /** Time for which the thread was alive in the range. */
  alive: number;
  byCategory: Map<Category, number>;
}

const sums = new Float64Array(stateCount);

/** How a lane spent [from, to). */
export function totalsOf(lane: Lane, from: number, to: number, now: number): Totals {
  sums.fill(0);
  const start = Math.max(from, lane.start);
  const end = Math.min(to, now);
  if (end > start) lane.addUp(start, end, now, Math.max(0, lane.spanAt(start)), sums);
  const byCategory = new Map<Category, number>(categories.map((category) => [category, 0]));
  let alive = 0;
  for (let state = 0; state < stateCount; state += 1) {
    if (state === absent) continue;
    alive += sums[state]!;
    const category = categoryOfState[state];
    if (category) byCategory.set(category, byCategory.get(category)! + sums[state]!);
  }
  return { alive, byCategory };
}
