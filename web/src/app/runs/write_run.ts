import { metadataWith } from '../../trace/chrome_file.ts';
import { chromeJson } from '../../trace/chrome_json.ts';
import type { Trace } from '../../trace/columns.ts';
import { piecesOf, TraceCopy } from '../../trace/copy.ts';
import type { TracePiece } from '../../trace/copy.ts';
import { writeTraceFile } from '../../trace/file.ts';
import type { TraceHeader } from '../../trace/file.ts';

/** How a run is written: a trace file, or Chrome's trace events. Both are packed. */
export type Format = 'weft' | 'json';

export interface Order {
  readonly format: Format;
  readonly header: TraceHeader;
  /** What the run's processes are called by in other viewers. */
  readonly title: string;
}

type Message = { piece: TracePiece } | { order: Order };

export async function writeRun(trace: Trace, { format, header, title }: Order): Promise<Blob> {
  const packedRun = await writeTraceFile(trace, header);
  if (format === 'weft') return packedRun;
  const json = chromeJson(trace, { title, metadata: await metadataWith(packedRun) });
  const packed = json.stream().pipeThrough(new CompressionStream('gzip'));
  return new Blob([await new Response(packed).arrayBuffer()], { type: 'application/gzip' });
}

type Answer = { file: Blob } | { failure: string };

/** In the worker: takes the pieces of a trace, then the order, and answers with the file. */
export function writeOnRequest(port: MessagePort): void {
  const copy = new TraceCopy();
  let trace: Trace | null = null;
  port.onmessage = async ({ data }: MessageEvent<Message>) => {
    if ('piece' in data) {
      trace = copy.take(data.piece);
      return;
    }
    const answer: Promise<Answer> = writeRun(trace!, data.order).then(
      (file) => ({ file }),
      (error: unknown) => ({ failure: String(error) }),
    );
    port.postMessage(await answer);
  };
}

const macrotask = () => new Promise((resolve) => setTimeout(resolve));

/** The file, written by the worker. The page may draw between two pieces. */
export async function writeInWorker(worker: Worker, trace: Trace, order: Order): Promise<Blob> {
  const written = new Promise<Blob>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => ('file' in data ? resolve(data.file) : reject(new Error(data.failure)));
    worker.onerror = (event) => reject(new Error(event.message));
  });
  // It may fail before anybody waits for it.
  written.catch(() => {});
  for (const piece of piecesOf(trace)) {
    worker.postMessage({ piece } satisfies Message);
    await macrotask();
  }
  worker.postMessage({ order } satisfies Message);
  try {
    return await written;
  } finally {
    worker.terminate();
  }
}
