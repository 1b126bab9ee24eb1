import { recordWord as word, slotBytes } from './format.generated.ts';
import { hasPayload } from './kinds.ts';

export { recordWord as word, slotBytes } from './format.generated.ts';
export const slotWords = slotBytes / 4;

export function payloadSlots(bytes: number): number {
  return Math.ceil(bytes / slotBytes);
}

/** Slots of the record that begins at the word `base`, payload included. */
export function slotsAt(words: Uint32Array, base: number): number {
  return hasPayload(words[base + word.kindAndThread]! & 0xff) ? 1 + payloadSlots(words[base + word.argumentLow]!) : 1;
}

/** Nanoseconds on the run's clock; exact for the first 104 days. */
export function timeAt(words: Uint32Array, base: number): number {
  return words[base + word.timeHigh]! * 2 ** 32 + words[base + word.timeLow]!;
}

export interface RecordFields {
  time: number;
  kind: number;
  thread: number;
  object?: number;
  sequence?: number;
  detail?: number;
  argumentLow?: number;
  argumentHigh?: number;
  payload?: Uint8Array;
}

/** Slots that a record with these fields takes. */
export function slotsOf(fields: RecordFields): number {
  return hasPayload(fields.kind) ? 1 + payloadSlots(fields.payload?.length ?? 0) : 1;
}

/** Writes the record, and its payload behind it, at the slot; the words must have room for it. */
export function encodeRecord(words: Uint32Array, slot: number, fields: RecordFields): void {
  const base = slot * slotWords;
  const payload = hasPayload(fields.kind) ? (fields.payload ?? new Uint8Array(0)) : undefined;
  words[base + word.timeLow] = fields.time % 2 ** 32;
  words[base + word.timeHigh] = Math.floor(fields.time / 2 ** 32);
  words[base + word.argumentLow] = payload ? payload.length : (fields.argumentLow ?? 0);
  words[base + word.argumentHigh] = fields.argumentHigh ?? 0;
  words[base + word.object] = fields.object ?? 0;
  words[base + word.sequence] = fields.sequence ?? 0;
  words[base + word.detail] = fields.detail ?? 0;
  words[base + word.kindAndThread] = fields.kind + fields.thread * 256;
  if (!payload) return;
  const bytes = new Uint8Array(words.buffer, words.byteOffset + (base + slotWords) * 4);
  bytes.set(payload);
  bytes.fill(0, payload.length, payloadSlots(payload.length) * slotBytes);
}

/** The record at the slot; its payload is a view. */
export function decodeRecord(words: Uint32Array, slot: number): Required<RecordFields> {
  const base = slot * slotWords;
  const kindAndThread = words[base + word.kindAndThread]!;
  const kind = kindAndThread & 0xff;
  return {
    time: timeAt(words, base),
    kind,
    thread: kindAndThread >>> 8,
    object: words[base + word.object]!,
    sequence: words[base + word.sequence]!,
    detail: words[base + word.detail]!,
    argumentLow: words[base + word.argumentLow]!,
    argumentHigh: words[base + word.argumentHigh]!,
    payload: payloadAt(words, base),
  };
}

/** View of the payload behind the record that begins at the word `base`; empty for a kind without. */
export function payloadAt(words: Uint32Array, base: number): Uint8Array {
  const length = hasPayload(words[base + word.kindAndThread]! & 0xff) ? words[base + word.argumentLow]! : 0;
  return new Uint8Array(words.buffer, words.byteOffset + (base + slotWords) * 4, length);
}
