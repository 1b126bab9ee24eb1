/** How far the time axis of a run goes, in ns of the run's clock. */
export interface Limits {
  start: number;
  end: number;
}

/** The whole run, with a little room behind its end so that the end can be seen. */
export function limitsOf(start: number, now: number): Limits {
  const length = Math.max(now - start, 1000);
  return { start, end: start + length * 1.01 };
}
