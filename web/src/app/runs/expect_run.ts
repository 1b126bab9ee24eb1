import type { Machine } from '../../machine/machine.ts';
import type { Demo } from '../catalogue.ts';
import type { Value } from '../parameters.ts';

/** How many threads a run with these values has side by side, as far as the demo's parameters say. */
export function threadsOf({ parameters }: Demo, values: Readonly<Record<string, Value>>): number {
  return parameters.reduce((sum, parameter) => {
    const counts = parameter.type === 'integer' && parameter.countsThreads;
    return counts ? sum + Number(values[parameter.name] ?? parameter.default) : sum;
  }, 0);
}

/** A slider that is dragged passes many numbers. */
const settled = 200;

let timer: ReturnType<typeof setTimeout> | undefined;

/** The next run will be this one: the machine prepares what it needs. */
export function expectRun(machine: Machine, demo: Demo, values: ReadonlyMap<string, Value>): void {
  if (demo.topic === 'processes') machine.expectChildren();
  clearTimeout(timer);
  timer = setTimeout(() => machine.expectThreads(threadsOf(demo, Object.fromEntries(values))), settled);
}
