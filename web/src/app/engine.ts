/** What gets threads, runs programs on them and reads traces: loaded behind the first screen, as one piece. */
export { ensureIsolation } from '../isolation/isolation.ts';
export { browserEnvironment } from '../machine/browser.ts';
export { Machine } from '../machine/machine.ts';
export { Run } from '../machine/run.ts';
export { readTraceFile } from '../trace/file.ts';
