import { Trace } from '../../../web/src/trace/columns.ts';
import { encodeRecord, slotsOf, slotWords } from '../../../web/src/trace/record.ts';
import type { RecordFields } from '../../../web/src/trace/record.ts';
import type { FakeRecord } from './fake_records.ts';

/** Adds records, given by their fields, to a trace. */
export class TraceWriter {
  readonly trace: Trace;
  #words = new Uint32Array(slotWords * 64);

  constructor(trace = new Trace()) {
    this.trace = trace;
  }

  add(fields: RecordFields, process = 1): void {
    const words = slotsOf(fields) * slotWords;
    if (words > this.#words.length) this.#words = new Uint32Array(words * 2);
    encodeRecord(this.#words, 0, fields);
    this.trace.append(process, fields.time, this.#words, 0);
  }

  /** Adds one of the records that tests of folds are written in. */
  addFake({
    kind,
    time,
    process,
    thread = 1,
    object = 0,
    sequence = 0,
    detail = 0,
    argument = 0,
    argumentHigh = 0,
    payload = '',
  }: FakeRecord): void {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    this.add({ kind, time, thread, object, sequence, detail: detail >>> 0, argumentLow: argument, argumentHigh, payload: bytes }, process);
  }
}
