import type { Trace } from '../../trace/columns.ts';
import type { TraceHeader } from '../../trace/file.ts';
import type { Demo } from '../catalogue.ts';
import { writeInWorker, writeRun } from './write_run.ts';
import type { Format, Order } from './write_run.ts';

interface Run {
  readonly demo: Demo;
  readonly trace: Trace;
  readonly header: TraceHeader;
}

const ends: Record<Format, string> = { weft: 'weft', json: 'json.gz' };

/** Downloads the run as a file. */
export async function offerRun({ demo, trace, header }: Run, format: Format): Promise<void> {
  const blob = await written(trace, { format, header, title: demo.title.en });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${demo.id}-${header.date.slice(0, 19).replace(/[:T]/g, '-')}.${ends[format]}`;
  link.click();
  // The download has its own reference by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function written(trace: Trace, order: Order): Promise<Blob> {
  try {
    return await writeInWorker(new Worker(import.meta.url, { type: 'module' }), trace, order);
  } catch {
    // No worker to be had: one of the reasons for which a page shows recorded runs only.
    return writeRun(trace, order);
  }
}
