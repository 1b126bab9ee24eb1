import { DeadlineError, within } from './deadline.ts';
import { textOf } from './report.ts';
import type { Report } from './report.ts';

/** One group of tests; it tells the report of each of them. */
export type Part = (context: PartContext) => Promise<void>;

export interface PartContext {
  report: Report;
  /** Whether the test is among those asked for. */
  isWanted(name: string): boolean;
}

/** Runs one test that Node drives; `cleanUp` runs however it ends, and ends what hangs. */
export async function test(
  { report, isWanted }: PartContext,
  name: string,
  limit: number,
  body: () => Promise<void>,
  cleanUp: () => Promise<void>,
): Promise<void> {
  if (!isWanted(name)) return;
  const began = performance.now();
  let failure: string | null = null;
  try {
    await within(limit, name, body());
  } catch (error) {
    failure = error instanceof DeadlineError ? error.message : textOf(error);
  }
  try {
    await within(30_000, `cleaning up after ${name}`, cleanUp());
  } catch (error) {
    failure = [failure, textOf(error)].filter(Boolean).join('\n');
  }
  if (failure === null) report.pass(name, performance.now() - began);
  else report.fail(name, performance.now() - began, failure);
}
