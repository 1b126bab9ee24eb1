/** The engine: isolation, the machine and the trace reader, in one script that is loaded after the first screen. */
export { ensureIsolation } from '../../isolation/isolation.ts';
export { browserEnvironment } from '../../machine/browser.ts';
export { Machine } from '../../machine/machine.ts';
export { Run } from '../../machine/run.ts';
export { expectRun, threadsOf } from './expect_run.ts';
export { readTraceFile } from '../../trace/file.ts';
