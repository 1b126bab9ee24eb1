/**
 * Rarely used, or not at once: runs as files, and the browser's diagnostics. As a worker, the same script writes the
 * files.
 */
import { writeOnRequest } from './write_run.ts';

export { diagnostics } from '../../isolation/isolation.ts';
export { readSavedRun } from '../../trace/saved_file.ts';
export { offerRun } from './offer_run.ts';
export { writeTraceFile } from '../../trace/file.ts';

if (typeof document === 'undefined' && 'postMessage' in globalThis) writeOnRequest(globalThis as unknown as MessagePort);
