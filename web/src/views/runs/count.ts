/** Runs of a series. */
export const seriesLimits = { least: 2, most: 200 };

/** The number that was typed; null if it is not accepted. */
export function readCount(text: string): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return value >= seriesLimits.least && value <= seriesLimits.most ? value : null;
}
