import type { Trace } from '../trace/columns.ts';
import { Forkable } from './forkable.ts';

/** The part of a trace that folds read. Times never decrease with the index. */
export type Records = Pick<
  Trace,
  | 'length'
  | 'time'
  | 'process'
  | 'thread'
  | 'kind'
  | 'object'
  | 'detail'
  | 'argument'
  | 'argumentLow'
  | 'argumentHigh'
  | 'payload'
  | 'text'
  | 'wakerRecord'
>;

/**
 * A pure function of a prefix of a trace, computed piece by piece: taking [0, b) at once or as [0, a) and [a, b)
 * leaves the same state.
 *
 * A fold has two kinds of state. A *history* is appended to: columns and logs, which a fold and its forks share, each
 * with a count of its own. A fork that takes again what its origin has taken writes what is there already, so an entry
 * is written once and never changed by a later record. A *tally* is the latest value only, and is copied.
 */
export abstract class Fold extends Forkable {
  abstract take(records: Records, from: number, to: number): void;
}

/** Threads and objects are numbered within their process; these are their names across processes. */
export function threadKey(process: number, thread: number): number {
  return process * 2 ** 24 + thread;
}

export const processOf = (key: number): number => Math.floor(key / 2 ** 24);
export const threadOf = (key: number): number => key % 2 ** 24;

export { ownerOf } from '../trace/objects.ts';
