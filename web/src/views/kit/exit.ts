/** Whether a process ended as one does: with status 0, or terminated by whoever started it, as pools end their workers. */
export function isNormalEnd(exitCode: number): boolean {
  return exitCode === 0 || exitCode === -15;
}
