import { Trace } from './columns.ts';
import { fileMagic, formatVersion } from './format.generated.ts';
import { hasPayload } from './kinds.ts';
import { encodeRecord, payloadSlots, slotBytes, slotsAt, slotsOf, slotWords } from './record.ts';
import { Sequencer } from './sequencer.ts';

/** Metadata of a recording. */
export interface TraceHeader {
  /** Of the trace format: that of the file when it is read, the present one when it is written. */
  readonly version: number;
  readonly demo: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** ISO 8601. */
  readonly date: string;
  /** What it was recorded on. */
  readonly machine: string;
}

export type TraceFileProblem =
  | 'not-a-trace'
  | 'version' // of the format: later than this reader
  | 'truncated'
  | 'damaged'
  | 'too-large'
  | 'foreign'; // Chrome's trace events, without the records of a run

export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
  readonly code: TraceFileProblem;
  /** Where in the (unpacked) file. */
  readonly offset: number;

  constructor(code: TraceFileProblem, message: string, offset = 0, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.offset = offset;
  }
}

/** Bytes before the header's length: the magic and the version's digit. */
export const magicBytes = fileMagic.length + 1;
const oldestVersion = 1;
export const chunkHeaderBytes = 16;
const longestHeader = 2 ** 20;
const longestChunk = 2 ** 16;
/** Bytes, unpacked: a file that claims to be larger is refused before it fills the memory. */
const largestFile = 2 ** 29;

/** The records of the trace, in its order, as a file that `readTraceFile` takes. */
export async function writeTraceFile(trace: Trace, header: TraceHeader, options: { gzip?: boolean } = {}): Promise<Blob> {
  const plain = new Blob([encodeHeader(header), ...encodeChunks(trace)]);
  if (options.gzip === false) return plain;
  const packed = plain.stream().pipeThrough(new CompressionStream('gzip'));
  return new Blob([await new Response(packed).arrayBuffer()], { type: 'application/gzip' });
}

function encodeHeader(header: TraceHeader): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify({ ...header, version: formatVersion }));
  const bytes = new Uint8Array(magicBytes + 4 + json.length);
  new TextEncoder().encodeInto(`${fileMagic}${formatVersion}`, bytes);
  new DataView(bytes.buffer).setUint32(magicBytes, json.length, true);
  bytes.set(json, magicBytes + 4);
  return bytes;
}

/**
 * One stream of chunks a process, with all its threads: they are in order already. What was
 * dropped stands in the last chunk, as the trace does not keep whose loss it was.
 */
function* encodeChunks(trace: Trace): Generator<Uint32Array<ArrayBuffer>> {
  const { length } = trace;
  let from = 0;
  while (from < length) {
    const process = trace.process(from);
    let to = from;
    let slots = 0;
    while (to < length && trace.process(to) === process && slots < longestChunk) {
      slots += slotsIn(trace, to);
      to += 1;
    }
    yield encodeChunk(trace, from, to, slots, to === length ? trace.dropped : 0);
    from = to;
  }
}

function slotsIn(trace: Trace, index: number): number {
  return hasPayload(trace.kind(index)) ? 1 + payloadSlots(trace.argumentLow(index)) : 1;
}

function encodeChunk(trace: Trace, from: number, to: number, slots: number, dropped: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(chunkHeaderBytes / 4 + slots * slotWords);
  words.set([trace.process(from), slots, dropped, 0]);
  const records = words.subarray(chunkHeaderBytes / 4);
  let slot = 0;
  for (let index = from; index < to; index += 1) {
    const fields = {
      time: trace.time(index),
      kind: trace.kind(index),
      thread: trace.thread(index),
      object: trace.object(index),
      sequence: trace.sequence(index),
      detail: trace.detail(index),
      argumentLow: trace.argumentLow(index),
      argumentHigh: trace.argumentHigh(index),
      payload: trace.payload(index),
    };
    encodeRecord(records, slot, fields);
    slot += slotsOf(fields);
  }
  return words;
}

export type TraceFileSource = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;

/** Reads a recorded run, packed with gzip or not. Throws TraceFileError. */
export async function readTraceFile(source: TraceFileSource): Promise<{ header: TraceHeader; trace: Trace }> {
  const bytes = await unpack(await gather(streamOf(source)));
  const { header, end } = decodeHeader(bytes);
  return { header, trace: decodeChunks(bytes, end) };
}

export function streamOf(source: TraceFileSource): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (source instanceof ReadableStream) return source;
  return (source instanceof Blob ? source : new Blob([source])).stream();
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return await gather(unpacked);
  } catch (error) {
    if (error instanceof TraceFileError) throw error;
    throw new TraceFileError('damaged', `the file cannot be unpacked: ${String(error)}`, 0, error);
  }
}

export async function gather(stream: ReadableStream<Uint8Array<ArrayBuffer>>, limit = largestFile): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      void reader.cancel();
      throw new TraceFileError('too-large', `the file has more than ${limit} bytes`, limit);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function decodeHeader(bytes: Uint8Array<ArrayBuffer>): { header: TraceHeader; end: number } {
  const found = String.fromCharCode(...bytes.subarray(0, magicBytes));
  if (!found.startsWith(fileMagic)) throw new TraceFileError('not-a-trace', 'this is not a recorded run of Weft');
  const version = Number(found.slice(fileMagic.length));
  if (!(version >= oldestVersion && version <= formatVersion)) {
    const known = `${oldestVersion} to ${formatVersion}`;
    throw new TraceFileError('version', `trace file of version ${found.slice(fileMagic.length)}, not ${known}`);
  }
  const start = magicBytes + 4;
  if (bytes.length < start) throw truncated(bytes.length);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magicBytes, true);
  if (length > longestHeader) {
    throw new TraceFileError('damaged', `header of ${length} bytes`, magicBytes);
  }
  const end = start + length;
  if (bytes.length < end) throw truncated(bytes.length);
  return { header: parseHeader(bytes.subarray(start, end), start, version), end };
}

function parseHeader(json: Uint8Array, offset: number, version: number): TraceHeader {
  let header: Partial<TraceHeader> | null;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw new TraceFileError('damaged', `the header is no JSON: ${String(error)}`, offset, error);
  }
  if (header?.version !== version) {
    const found = `a header of version ${String(header?.version)} in a file of version ${version}`;
    throw new TraceFileError('damaged', found, offset);
  }
  const { parameters } = header;
  const isComplete = typeof header.demo === 'string' && typeof parameters === 'object' && parameters !== null;
  if (!isComplete) throw new TraceFileError('damaged', 'the header names no demo', offset);
  return {
    version,
    demo: header.demo!,
    parameters,
    date: String(header.date ?? ''),
    machine: String(header.machine ?? ''),
  };
}

function decodeChunks(bytes: Uint8Array<ArrayBuffer>, start: number): Trace {
  const trace = new Trace();
  const sequencer = new Sequencer(trace);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = start;
  while (offset < bytes.length) {
    if (offset + chunkHeaderBytes > bytes.length) throw truncated(offset);
    const process = view.getUint32(offset, true);
    const slots = view.getUint32(offset + 4, true);
    const dropped = view.getUint32(offset + 8, true);
    const ring = view.getUint32(offset + 12, true);
    offset += chunkHeaderBytes;
    const end = offset + slots * slotBytes;
    if (end > bytes.length) throw truncated(bytes.length);
    // The header's length need not be a multiple of 4: a copy is aligned.
    const words = new Uint32Array(bytes.slice(offset, end).buffer);
    checkRecords(words, offset);
    sequencer.push({ process, ring, dropped, words, more: false });
    offset = end;
  }
  sequencer.flush();
  trace.dropped = sequencer.dropped;
  trace.gaps = sequencer.gaps;
  trace.missing = sequencer.missing;
  return trace;
}

function checkRecords(words: Uint32Array, offset: number): void {
  let base = 0;
  while (base < words.length) {
    const next = base + slotsAt(words, base) * slotWords;
    if (next > words.length) {
      throw new TraceFileError('damaged', 'a payload is longer than its chunk', offset + base * 4);
    }
    base = next;
  }
}

export function truncated(offset: number): TraceFileError {
  return new TraceFileError('truncated', `the file ends in the middle, at byte ${offset}`, offset);
}
