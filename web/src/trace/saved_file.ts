import { packedRunIn } from './chrome_file.ts';
import type { Trace } from './columns.ts';
import { decodeTraceFile, gather, isPacked, streamOf, TraceFileError } from './file.ts';
import type { TraceFileSource, TraceHeader } from './file.ts';

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
  const isCutOff = inner ? inner.isCutOff || content.isCutOff : outer.isCutOff;
  const { header, trace, cutAt } = decodeTraceFile(content.bytes, isCutOff);
  return { header, trace, isCutOff: cutAt !== null };
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Content> {
  if (!isPacked(bytes)) return { bytes, isCutOff: false };
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
