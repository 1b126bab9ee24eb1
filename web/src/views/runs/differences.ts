import type { Ending } from '../../app/ending.ts';
import type { Moment } from '../../app/moment.ts';
import { ownerOf } from '../../folds/fold.ts';
import { isWait } from '../../folds/lanes.ts';
import { categories, categoryOfState } from '../kit/palette.ts';
import type { Category } from '../kit/palette.ts';
import { totalsOf } from '../kit/totals.ts';

/*
 * What two runs of a demo differ in, as their traces tell it. Times are ns, those of threads added up over all of them.
 */

export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

export type Named<T> = { readonly name: string } & Pair<T>;

export interface WaitDifference extends Named<number> {
  readonly category: Category;
  /** How often a thread waited. */
  readonly times: Pair<number>;
}

export interface Differences {
  /** Those that differ; undefined = the run had no such parameter. */
  readonly parameters: readonly Named<string | undefined>[];
  readonly ending: Pair<Ending['kind'] | undefined>;
  readonly length: Pair<number>;
  readonly results: readonly Named<string | undefined>[];
  readonly checks: readonly Named<boolean | undefined>[];
  readonly threads: Pair<number>;
  readonly mostRunning: Pair<number>;
  /** How long the threads lived. */
  readonly alive: Pair<number>;
  /** Of each state that threads of either run were in. */
  readonly states: readonly ({ readonly category: Category } & Pair<number>)[];
  /** By what was waited for; objects without a name are one. The largest difference first. */
  readonly waits: readonly WaitDifference[];
}

interface Wait {
  category: Category;
  name: string;
  time: number;
  times: number;
}

/** Waits by category and the name of what was waited for, which is the same in both runs as numbers need not be. */
function waitsOf(moment: Moment): Map<string, Wait> {
  const byName = new Map<string, Wait>();
  const byObject = new Map<string, Wait>();
  for (const lane of moment.lanes.list) {
    for (let index = 0; index < lane.count; index += 1) {
      const state = lane.states.at(index);
      const category = categoryOfState[state];
      if (!isWait(state) || !category) continue;
      const object = lane.objects.at(index);
      const key = `${category} ${object === 0 ? 0 : ownerOf(lane.process, object)} ${object}`;
      let wait = byObject.get(key);
      if (!wait) {
        const name = (object !== 0 && moment.objectName(lane.process, object)) || '';
        wait = byName.get(`${category} ${name}`) ?? { category, name, time: 0, times: 0 };
        byName.set(`${category} ${name}`, wait);
        byObject.set(key, wait);
      }
      wait.time += lane.spanEnd(index, moment.now) - lane.starts.at(index);
      wait.times += 1;
    }
  }
  return byName;
}

function timesOf(moment: Moment): { alive: number; byCategory: Map<Category, number> } {
  const sum = { alive: 0, byCategory: new Map<Category, number>() };
  for (const lane of moment.lanes.list) {
    const { alive, byCategory } = totalsOf(lane, lane.start, moment.now, moment.now);
    sum.alive += alive;
    for (const [category, time] of byCategory) sum.byCategory.set(category, (sum.byCategory.get(category) ?? 0) + time);
  }
  return sum;
}

/** Entries of two maps by their keys, those of the second first: it is the one that is shown. */
function paired<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): Named<T | undefined>[] {
  return [...new Set([...b.keys(), ...a.keys()])].map((name) => ({ name, a: a.get(name), b: b.get(name) }));
}

/** A parameter as it is compared: `4` and `4.0` are one number. */
function plainValue(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' || !Number.isFinite(Number(text)) ? text : String(Number(text));
}

/** Of the two ends of a run each. */
export function differencesOf(a: Moment, b: Moment): Differences {
  const [timesA, timesB] = [timesOf(a), timesOf(b)];
  const [waitsA, waitsB] = [waitsOf(a), waitsOf(b)];
  const waits = paired(waitsA, waitsB).map(({ a: inA, b: inB }): WaitDifference => {
    const { category, name } = (inB ?? inA)!;
    return { category, name, a: inA?.time ?? 0, b: inB?.time ?? 0, times: { a: inA?.times ?? 0, b: inB?.times ?? 0 } };
  });
  return {
    parameters: paired(a.summary.parameters, b.summary.parameters).filter((each) => plainValue(each.a) !== plainValue(each.b)),
    ending: { a: a.ending?.kind, b: b.ending?.kind },
    length: { a: a.length, b: b.length },
    results: paired(a.summary.results, b.summary.results),
    checks: paired(a.summary.checks, b.summary.checks),
    threads: { a: a.lanes.list.length, b: b.lanes.list.length },
    mostRunning: { a: a.lanes.mostRunning, b: b.lanes.mostRunning },
    alive: { a: timesA.alive, b: timesB.alive },
    states: categories
      .map((category) => ({ category, a: timesA.byCategory.get(category) ?? 0, b: timesB.byCategory.get(category) ?? 0 }))
      .filter(({ a: inA, b: inB }) => inA + inB > 0),
    waits: waits.sort((one, other) => Math.abs(other.b - other.a) - Math.abs(one.b - one.a)),
  };
}

/** What can be said of the difference in a sentence. */
export interface Finding {
  /** Null: at least one of the two did not come to its end, so that their times say nothing. */
  readonly time: 'same' | 'less' | 'more' | null;
  /** What threads did for less or more time, as the run took less or more; null: nothing that stands out. */
  readonly part: ({ readonly category: Category; readonly of: string } & Pair<number>) | null;
}

/** A difference of less than this share of the time is none. */
const noticeable = 0.05;

/** What a thread does because of what the others do: it waits for their end, or has nothing to do. */
export const follows: ReadonlySet<Category> = new Set<Category>(['join', 'idle', 'unwinding']);

const hasCome = (ending: Ending['kind'] | undefined) => ending === 'finished' || ending === 'failed-check';

export function findingOf({ ending, length, states, waits }: Differences): Finding {
  if (!hasCome(ending.a) || !hasCome(ending.b)) return { time: null, part: null };
  const by = length.b - length.a;
  const time = Math.abs(by) <= noticeable * length.a ? 'same' : by < 0 ? 'less' : 'more';
  const changes = states
    .map((state) => ({ ...state, by: state.b - state.a }))
    .filter((state) => !follows.has(state.category) && (time === 'same' || Math.sign(state.by) === Math.sign(by)));
  const largest = changes.sort((one, other) => Math.abs(other.by) - Math.abs(one.by))[0];
  // What is small beside the difference that it is to explain, or beside the run, explains nothing.
  const least = time === 'same' ? 0.1 * Math.max(length.a, length.b) : 0.5 * Math.abs(by);
  if (!largest || Math.abs(largest.by) < least || largest.by === 0) return { time, part: null };
  const { category, a, b } = largest;
  const main = waits.find((wait) => wait.category === category && wait.name !== '' && Math.sign(wait.b - wait.a) === Math.sign(largest.by));
  const isMost = main !== undefined && Math.abs(main.b - main.a) > 0.5 * Math.abs(largest.by);
  return { time, part: { category, a, b, of: isMost ? main.name : '' } };
}
