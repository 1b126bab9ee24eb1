import type { Summary } from '../folds/summary.ts';

/** How a run ended. */
export type Ending =
  | { kind: 'finished' | 'failed-check' | 'failed' | 'refused' | 'deadlock' | 'stopped' | 'killed'; code: number }
  | { kind: 'crashed'; code: number; failure: string | null; text: string };

/** How a run ended, from what its process returned and what it recorded. */
export function endingOf(
  status: { reason: 'exited' | 'killed' | 'crashed'; code: number; text: string; failure?: string },
  checks: ReadonlyMap<string, boolean>,
): Ending {
  if (status.reason === 'killed') return { kind: 'killed', code: status.code };
  if (status.reason === 'crashed') {
    return { kind: 'crashed', code: status.code, failure: status.failure ?? null, text: status.text };
  }
  switch (status.code) {
    case 0:
      return { kind: 'finished', code: 0 };
    case 2:
      return { kind: 'refused', code: 2 };
    case 3:
      return { kind: 'deadlock', code: 3 };
    case 130:
      return { kind: 'stopped', code: 130 };
    default:
      return { kind: [...checks.values()].includes(false) ? 'failed-check' : 'failed', code: status.code };
  }
}

/** How a run ended, from its trace alone. */
export function endingOfTrace({ exitStatus, checks }: Summary): Ending {
  if (Number.isNaN(exitStatus)) return { kind: 'killed', code: 137 };
  return endingOf({ reason: 'exited', code: exitStatus, text: '' }, checks);
}
