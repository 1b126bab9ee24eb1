import type { ProcessHistory } from './processes.ts';

export type ProcessState = 'starting' | 'running' | 'signalled' | 'ended';

export function stateOf(process: ProcessHistory): ProcessState {
  if (!Number.isNaN(process.end)) return 'ended';
  if (process.signal !== 0) return 'signalled';
  return Number.isNaN(process.ran) ? 'starting' : 'running';
}

export interface Branch {
  process: ProcessHistory;
  /** 0 for the first process. */
  depth: number;
}

/** Each process below its parent, in the order of their numbers. */
export function treeOf(processes: readonly ProcessHistory[]): Branch[] {
  const children = new Map<number, ProcessHistory[]>();
  const known = new Set(processes.map(({ number }) => number));
  for (const process of [...processes].sort((a, b) => a.number - b.number)) {
    // One whose start is lost hangs on the first.
    const parent = process.number === 1 ? 0 : known.has(process.parent) && process.parent < process.number ? process.parent : 1;
    const siblings = children.get(parent);
    if (siblings) siblings.push(process);
    else children.set(parent, [process]);
  }
  const branches: Branch[] = [];
  const add = (parent: number, depth: number) => {
    for (const process of children.get(parent) ?? []) {
      branches.push({ process, depth });
      add(process.number, depth + 1);
    }
  };
  add(0, 0);
  return branches;
}
