import type { Trace } from '../trace/columns.ts';
import { firstSharedObject } from '../trace/kinds.ts';

/** The part of a trace that folds read. Times never decrease with the index. */
export type Records = Pick<
  Trace,
  | 'length' | 'time' | 'process' | 'thread' | 'kind' | 'object' | 'detail'
  | 'argument' | 'argumentLow' | 'argumentHigh' | 'payload' | 'text'
>;

/**
 * A pure function of a prefix of a trace, computed piece by piece: taking [0, b) at once or as [0, a) and [a, b)
 * leaves the same state.
 */
export interface Fold {
  take(records: Records, from: number, to: number): void;
}

/** Threads and objects are numbered within their process; these are their names across processes. */
export function threadKey(process: number, thread: number): number {
  return process * 2 ** 24 + thread;
}

export const processOf = (key: number): number => Math.floor(key / 2 ** 24);
export const threadOf = (key: number): number => key % 2 ** 24;

/** An object that processes share is the same one whoever tells of it. */
export function objectKey(process: number, object: number): number {
  return object >= firstSharedObject ? object : process * 2 ** 32 + object;
}
