import { run } from './actions.ts';
import { phase, raw } from './state.ts';

/** Runs the demo with these parameters, as an address has them, and its defaults for all others. A run under way goes on. */
export function tryOut(query: string): void {
  if (phase.value !== 'idle') return;
  raw.value = new Map(new URLSearchParams(query));
  run();
}
