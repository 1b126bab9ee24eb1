import { firstSharedObject } from '../trace/kinds.ts';
import { isOf, nextMoment } from '../trace/walk.ts';
import type { Walked } from '../trace/walk.ts';
import type { Focus } from './state.ts';

/** What a step stays at: the focus' thread, its object, or nothing. */
export type Along = 'thread' | 'object' | 'any';

/** The focus at a record: its thread, and its object if it has one; else what was in focus stays. */
export function atRecord(records: Walked, focus: Focus, record: number): Focus {
  const process = records.process(record);
  const kept = focus.object >= firstSharedObject || focus.process === process ? focus.object : 0;
  return { index: record + 1, process, thread: records.thread(record), object: records.object(record) || kept };
}

/** The focus one record further or back; null if there is none. Without a thread or an object to stay at, any record will do. */
export function stepped(records: Walked, focus: Focus, by: 1 | -1, along: Along): Focus | null {
  const { process, thread, object } = focus;
  const fits = (record: number) => {
    if (along === 'object' && object !== 0) return isOf(records, record, process, object);
    return along !== 'thread' || thread === 0 || (records.thread(record) === thread && records.process(record) === process);
  };
  const next = nextMoment(records, focus.index ?? records.length, by, fits);
  return next < 0 ? null : atRecord(records, focus, next - 1);
}

/** The focus at a time, after all that happened until then; past the end of the run it is at its end. */
export function atTime(records: Walked & { indexAt(time: number): number }, focus: Focus, time: number): Focus {
  const index = records.indexAt(time);
  return { ...focus, index: index >= records.length ? null : index };
}
