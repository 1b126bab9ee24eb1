/** Signals by number, as far as a process here can end by one. */
const signals: Record<number, string> = { 6: 'SIGABRT', 9: 'SIGKILL', 15: 'SIGTERM' };

export function signalName(signal: number): string {
  return signals[signal] ?? `signal ${signal}`;
}

/** An exit code as Python tells it, with the name of the signal if it was one. */
export function exitText(exitCode: number): string {
  return exitCode < 0 ? `${exitCode} (${signalName(-exitCode)})` : String(exitCode);
}
