import { Kind } from '../../trace/kinds.ts';
import type { TraceRecord } from '../../app/records.ts';

/** What a record of an object ended: how long its thread had waited for it, or held it. */
export interface Event {
  record: TraceRecord;
  /** ns; NaN = it ended nothing and began nothing. */
  took: number;
  what: 'held' | 'waited' | null;
  /** It goes on at the moment. */
  open: boolean;
}

const begins: ReadonlyMap<number, 'held' | 'waited'> = new Map([
  [Kind.blocked, 'waited'],
  [Kind.lock_acquire, 'held'],
  [Kind.read_acquire, 'held'],
  [Kind.write_acquire, 'held'],
  [Kind.gil_acquire, 'held'],
]);

const ends: ReadonlyMap<number, 'held' | 'waited'> = new Map([
  [Kind.unblocked, 'waited'],
  [Kind.lock_release, 'held'],
  [Kind.read_release, 'held'],
  [Kind.write_release, 'held'],
  [Kind.gil_release, 'held'],
]);

/** The records of an object, from first to last, with how long what each began lasted, up to `now` if it goes on. */
export function historyOf(all: readonly TraceRecord[], now: number): Event[] {
  const events = all.map((record): Event => ({ record, took: NaN, what: null, open: false }));
  /** What has begun and not ended, from the outermost in, by thread. */
  const begun = new Map<string, Event[]>();
  for (const event of events) {
    const { kind, process, thread, time } = event.record;
    const [beginning, end] = [begins.get(kind), ends.get(kind)];
    const key = `${process} ${thread} ${beginning ?? end}`;
    if (beginning) {
      Object.assign(event, { what: beginning, open: true, took: now - time });
      begun.set(key, [...(begun.get(key) ?? []), event]);
    } else if (end) {
      const first = begun.get(key)?.pop();
      if (first) Object.assign(first, { open: false, took: time - first.record.time });
    }
  }
  return events;
}
