import { packedRunIn } from './chrome_file.ts';
import { fileMagic } from './format.generated.ts';
import { chunkHeaderBytes, gather, magicBytes, readTraceFile, streamOf, TraceFileError, truncated } from './file.ts';
import type { TraceFileSource, TraceHeader } from './file.ts';
import type { Trace } from './columns.ts';
import { slotBytes, slotsAt, slotWords, word } from './record.ts';

/** What a file that a reader has kept holds. */
export interface SavedRun {
  readonly header: TraceHeader;
  readonly trace: Trace;
  /** The file ends in the middle: these are the records before that. */
  readonly isCutOff: boolean;
}

/** Bytes, and whether there were to be more. */
interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isCutOff: boolean;
}

/**
 * Reads a run that was saved or exported here, or written by the command: a trace file or our Chrome JSON, packed or not. A
 * file that is cut off gives its whole records. Throws TraceFileError.
 */
export async function readSavedRun(source: TraceFileSource): Promise<SavedRun> {
  const outer = await unpack(await gather(streamOf(source)));
  const inner = packedRunIn(outer.bytes);
  if (inner === 'none') throw new TraceFileError('foreign', 'trace events without the records of a run');
  // What comes after the run in Chrome JSON is not read: it may be cut off there.
  const content = inner ? await unpack(inner.bytes) : outer;
  const whole = wholeRecordsOf({ ...content, isCutOff: inner ? inner.isCutOff || content.isCutOff : outer.isCutOff });
  const { header, trace } = await readTraceFile(whole.bytes);
  return { header, trace, isCutOff: whole.isCutOff };
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Content> {
  const isPacked = bytes[0] === 0x1f && (bytes.length === 1 || bytes[1] === 0x8b);
  if (!isPacked) return { bytes, isCutOff: false };
  const { readable, writable } = new DecompressionStream('gzip');
  let failure: unknown = null;
  const gathered = gather(untilFailure(readable, (error) => (failure = error)));
  const isCutOff = await feed(writable.getWriter(), bytes);
  const unpacked = await gathered;
  if (failure !== null && !isCutOff) throw new TraceFileError('damaged', `the file cannot be unpacked: ${String(failure)}`, 0, failure);
  return { bytes: unpacked, isCutOff };
}

/** The stream up to its failure, which is an end here. */
function untilFailure(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onFailure: (failure: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (failure) {
        onFailure(failure);
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Bytes that are unpacked at once. */
const pieceBytes = 2 ** 16;

/** Writes the bytes. Returns true if the stream took all of them and missed their end. */
async function feed(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  // It fails as the write does, which says why.
  writer.closed.catch(() => {});
  try {
    for (let from = 0; from < bytes.length; from += pieceBytes) await writer.write(bytes.subarray(from, from + pieceBytes));
    // This write waits until the reader has taken all before it: a failure drops what waits to be read.
    await writer.write(new Uint8Array(0));
  } catch {
    return false;
  }
  try {
    await writer.close();
    return false;
  } catch (error) {
    // Node, unlike browsers, tells of bad data only now.
    return !/DATA|JUNK/.test(String((error as { code?: unknown }).code));
  }
}

/** The file as it would be if it had ended after its last whole record, and whether it did not. */
function wholeRecordsOf(content: Content): Content {
  const { bytes, isCutOff } = content;
  const found = String.fromCharCode(...bytes.subarray(0, magicBytes));
  const isBeginning = found.length < magicBytes && fileMagic.startsWith(found);
  if (isBeginning && (isCutOff || found !== '')) throw truncated(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthEnd = magicBytes + 4;
  // What is wrong before the chunks is for whoever reads them to say.
  if (!found.startsWith(fileMagic) || bytes.length < lengthEnd) return content;
  let offset = lengthEnd + view.getUint32(magicBytes, true);
  while (offset < bytes.length) {
    if (offset + chunkHeaderBytes > bytes.length) return { bytes: bytes.slice(0, offset), isCutOff: true };
    const slots = view.getUint32(offset + 4, true);
    const next = offset + chunkHeaderBytes + slots * slotBytes;
    if (next > bytes.length) return { bytes: withShorterChunk(bytes, offset), isCutOff: true };
    offset = next;
  }
  return content;
}

/** The file with the chunk at the offset, which is its last and not there as a whole, shortened to its whole records. */
function withShorterChunk(bytes: Uint8Array<ArrayBuffer>, offset: number): Uint8Array<ArrayBuffer> {
  const start = offset + chunkHeaderBytes;
  const slots = Math.floor((bytes.length - start) / slotBytes);
  const words = new Uint32Array(bytes.slice(start, start + slots * slotBytes).buffer);
  let base = 0;
  while (base < words.length) {
    // There is no kind 0: this is something else than a chunk.
    if ((words[base + word.kindAndThread]! & 0xff) === 0) throw new TraceFileError('damaged', 'a record without a kind', start + base * 4);
    const next = base + slotsAt(words, base) * slotWords;
    if (next > words.length) break;
    base = next;
  }
  const whole = bytes.slice(0, start + base * 4);
  new DataView(whole.buffer).setUint32(offset + 4, base / slotWords, true);
  return whole;
}
