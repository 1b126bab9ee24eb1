import type { Demo } from '../../app/catalogue.ts';
import type { Entry } from '../../app/history.ts';

/*
 * The same run, again and again: how a figure of it is spread, and which of the runs are worth a look.
 */

/** The time a run took, or one of its results by name. */
export const timeFigure = '';

/** ns for the time; NaN if the run has no such number. */
export function figureOf({ length, results }: Entry, figure: string): number {
  const text = figure === timeFigure ? String(length) : (results[figure] ?? '');
  return text.trim() === '' ? NaN : Number(text);
}

/** The time, and the results that are numbers in every run of the series that has them: the declared ones first. */
export function figuresOf(demo: Demo, entries: readonly Entry[]): string[] {
  const found = new Set(entries.flatMap(({ results }) => Object.keys(results)));
  const isNumber = (name: string) => entries.every((entry) => !(name in entry.results) || Number.isFinite(figureOf(entry, name)));
  const declared = demo.results.map(({ name }) => name).filter((name) => found.has(name));
  const others = [...found].filter((name) => !declared.includes(name));
  return [timeFigure, ...[...declared, ...others].filter(isNumber)];
}

export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly most: number;
}

/** The value below which such a share of the ascending values lies, between two of them in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const [below, above] = [sorted[low]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - low);
}

/** Null without values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  return {
    count: sorted.length,
    least: sorted[0]!,
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    most: sorted.at(-1)!,
  };
}

/** Whether everything came out as it has to. */
export function isGood({ ending, checks }: Entry): boolean {
  return ending?.kind === 'finished' && !Object.values(checks).includes(false);
}

/** From this many runs on, one can be an outlier among them. */
const fewest = 4;

/** Tukey's fences: so many times the distance of the quartiles beyond them, a value is far out. */
const fence = 1.5;

export interface Picks {
  /** One that did not come out as it has to, else the slowest. */
  readonly worst: Entry;
  /** That whose figure lies in the middle, the lower one of two. */
  readonly median: Entry;
  /** That whose figure lies farthest out, if it is beyond Tukey's fences. */
  readonly odd: Entry | null;
}

/** Null without runs that have the figure. */
export function picksOf(entries: readonly Entry[], figure: string): Picks | null {
  const known = entries
    .filter((entry) => Number.isFinite(figureOf(entry, figure)))
    .sort((a, b) => figureOf(a, figure) - figureOf(b, figure));
  const spread = spreadOf(known.map((entry) => figureOf(entry, figure)));
  if (!spread) return null;
  const slowestFirst = [...entries].sort((a, b) => b.length - a.length);
  const { lowerQuartile, upperQuartile } = spread;
  const distance = fence * (upperQuartile - lowerQuartile);
  const beyond = (entry: Entry) => {
    const value = figureOf(entry, figure);
    return Math.max(lowerQuartile - distance - value, value - upperQuartile - distance);
  };
  const farthest = [...known].sort((a, b) => beyond(b) - beyond(a))[0]!;
  return {
    worst: slowestFirst.find((entry) => !isGood(entry)) ?? slowestFirst[0]!,
    median: known[Math.floor((known.length - 1) / 2)]!,
    odd: known.length >= fewest && beyond(farthest) > 0 ? farthest : null,
  };
}

export interface Dot {
  readonly entry: Entry;
  /** The column, from 0, and how many dots of it lie below. */
  readonly column: number;
  readonly height: number;
}

/** A dot plot: a dot a run, in columns of equal width from the least value to the most, stacked where several share one. */
export function dotsOf(entries: readonly Entry[], figure: string, columns: number): Dot[] {
  const spread = spreadOf(entries.map((entry) => figureOf(entry, figure)));
  if (!spread) return [];
  const range = spread.most - spread.least;
  const heights = new Map<number, number>();
  return entries
    .filter((entry) => Number.isFinite(figureOf(entry, figure)))
    .map((entry) => {
      const share = range > 0 ? (figureOf(entry, figure) - spread.least) / range : 0.5;
      const column = Math.min(columns - 1, Math.floor(share * columns));
      const height = heights.get(column) ?? 0;
      heights.set(column, height + 1);
      return { entry, column, height };
    });
}
