import { chromeJson } from '../../trace/chrome_json.ts';
import type { Trace } from '../../trace/columns.ts';
import { writeTraceFile } from '../../trace/file.ts';
import type { TraceHeader } from '../../trace/file.ts';
import type { Demo } from '../catalogue.ts';

interface Run {
  readonly demo: Demo;
  readonly trace: Trace;
  readonly header: TraceHeader;
}

/** Downloads the run as a file. */
export async function offerRun({ demo, trace, header }: Run, format: 'weft' | 'json'): Promise<void> {
  const blob = format === 'weft' ? await writeTraceFile(trace, header) : chromeJson(trace, { title: demo.title.en });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${demo.id}-${header.date.slice(0, 19).replace(/[:T]/g, '-')}.${format}`;
  link.click();
  // The download has its own reference by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
