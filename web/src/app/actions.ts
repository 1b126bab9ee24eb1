import { loadExport } from './runs/load.ts';
import { startRun } from './runs/runner.ts';
import { mode, phase, reading, refusal } from './state.ts';

/** What the reader can do with runs: the buttons of the views and the keys of the page act through these. */

export { saveRun } from './runs/files.ts';
export { signalProcess, stopRun as stop } from './runs/runner.ts';

/** Whether a run can be started now. If it is refused, `refusal` has the reason. */
export function canRun(): boolean {
  if (phase.value !== 'idle') return false;
  const reason = mode.value.kind === 'recorded' ? 'threads' : (reading.value?.problems.size ?? 0) > 0 ? 'parameters' : null;
  if (reason) refusal.value = { reason };
  return !reason;
}

export function run(): void {
  if (canRun()) void startRun();
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
