import { isWait } from '../folds/lanes.ts';
import { lastWake, ObjectRecords } from '../trace/walk.ts';
import type { Wake } from '../trace/walk.ts';
import type { Trace } from '../trace/columns.ts';
import type { Moment } from './moment.ts';
import { openRun } from './state.ts';

/** Single records of the run that is shown, none of them after the moment that they are asked of. */

/** A record as it was written. */
export interface TraceRecord {
  /** Its place in the trace. */
  index: number;
  time: number;
  process: number;
  thread: number;
  kind: number;
  object: number;
  detail: number;
  argument: number;
  /** As "file:line"; empty if it is unknown. */
  where: string;
  /** Of a kind with text. */
  text: string;
}

const trace = () => openRun.peek()?.trace ?? null;

/** The record, if it is there and not after the moment. */
export function recordAt({ index }: Moment, record: number): TraceRecord | null {
  const of = trace();
  if (!of || record < 0 || record >= Math.min(index, of.length)) return null;
  return {
    index: record,
    time: of.time(record),
    process: of.process(record),
    thread: of.thread(record),
    kind: of.kind(record),
    object: of.object(record),
    detail: of.detail(record),
    argument: of.argument(record),
    where: of.where(record) ?? '',
    text: of.text(record),
  };
}

/** The last answer: the timeline and the pane of the moment ask the same in each frame, and the search goes far back. */
let asked: { of: Trace; index: number; process: number; thread: number; wake: Wake | null } | null = null;

/** Who ended the thread's last wait, if it does not wait again. */
export function wakeOf({ index, lanes }: Moment, process: number, thread: number): Wake | null {
  const of = trace();
  const lane = lanes.find(process, thread);
  if (!of || !lane || isWait(lane.states.at(lane.count - 1))) return null;
  if (asked?.of !== of || asked.index !== index || asked.process !== process || asked.thread !== thread)
    asked = { of, index, process, thread, wake: lastWake(of, Math.min(index, of.length), process, thread) };
  return asked.wake;
}

let known: { of: unknown; records: ObjectRecords } | null = null;

/** The last records of an object, at most so many, and how many there are before these. */
export function recordsOf(moment: Moment, process: number, object: number, most: number): { records: TraceRecord[]; earlier: number } {
  const of = trace();
  if (!of) return { records: [], earlier: 0 };
  if (known?.of !== of || !known.records.isOf(process, object)) known = { of, records: new ObjectRecords(process, object) };
  const { records, earlier } = known.records.before(of, moment.index, most);
  return { records: records.flatMap((record) => recordAt(moment, record) ?? []), earlier };
}
