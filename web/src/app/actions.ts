import { loadExport } from './runs/load.ts';
import { startRun } from './runs/runner.ts';
import { mode, phase, reading, refusal } from './state.ts';

/** What the reader can do with runs: the buttons of the views and the keys of the page act through these. */

export { saveRun } from './runs/files.ts';
export { signalProcess, stopRun as stop } from './runs/runner.ts';

/** Starts a run. If that is impossible, `refusal` tells the views why. */
export function run(): void {
  if (phase.value !== 'idle') return;
  if (mode.value.kind === 'recorded') refusal.value = { reason: 'threads' };
  else if (reading.value && reading.value.problems.size > 0) refusal.value = { reason: 'parameters' };
  else void startRun();
}

/** Asks for a file with a run, and opens it. */
export async function openFile(): Promise<void> {
  (await import('./runs/open_file.ts')).pickFile();
}

/** The browser's properties that matter for threads, one a line. */
export async function readDiagnostics(): Promise<string> {
  const { diagnostics } = await loadExport();
  return diagnostics();
}
