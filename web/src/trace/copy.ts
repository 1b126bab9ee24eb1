import { Trace } from './columns.ts';
import type { Block } from './columns.ts';
import { PayloadStore } from './payloads.ts';
import { encodeRecord, slotsOf, slotWords } from './record.ts';
import { hasPayload } from './kinds.ts';

/** Figures of a trace that are not in its records. */
interface Figures {
  readonly length: number;
  readonly overLimit: number;
  readonly dropped: number;
  readonly gaps: number;
  readonly missing: number;
}

/** A piece of a trace on its way to another thread. The last one has the figures. */
export type TracePiece = { records: Block } | { payloads: Uint8Array<ArrayBuffer> } | { figures: Figures };

/** The trace in pieces, none of which takes long to copy. */
export function* piecesOf(trace: Trace): Generator<TracePiece> {
  const { records, payloads } = trace.blocks;
  for (const block of payloads) yield { payloads: block };
  for (const block of records) yield { records: block };
  const { length, overLimit, dropped, gaps, missing } = trace;
  yield { figures: { length, overLimit, dropped, gaps, missing } };
}

/** Puts the pieces together again. */
export class TraceCopy {
  readonly #trace = new Trace();
  readonly #payloads = new PayloadStore(Infinity);
  readonly #blocks: Block[] = [];
  #words = new Uint32Array(slotWords * 16);

  /** Returns the trace once it is whole. */
  take(piece: TracePiece): Trace | null {
    if ('payloads' in piece) this.#payloads.blocks.push(piece.payloads);
    else if ('records' in piece) this.#blocks.push(piece.records);
    else return this.#whole(piece.figures);
    return null;
  }

  #whole({ length, ...losses }: Figures): Trace {
    for (const block of this.#blocks) {
      const count = Math.min(block.time.length, length - this.#trace.length);
      for (let place = 0; place < count; place += 1) this.#append(block, place);
    }
    return Object.assign(this.#trace, losses);
  }

  #append(block: Block, place: number): void {
    const kind = block.kind[place]!;
    const fields = {
      time: block.time[place]!,
      kind,
      thread: block.thread[place]!,
      object: block.object[place]!,
      sequence: block.sequence[place]!,
      detail: block.detail[place]!,
      argumentLow: block.argumentLow[place]!,
      argumentHigh: block.argumentHigh[place]!,
      ...(hasPayload(kind) ? { payload: this.#payloads.get(block.payload![place]!, block.argumentLow[place]!) } : {}),
    };
    const needed = slotsOf(fields) * slotWords;
    if (needed > this.#words.length) this.#words = new Uint32Array(needed * 2);
    encodeRecord(this.#words, 0, fields);
    this.#trace.append(block.process[place]!, fields.time, this.#words, 0);
  }
}
