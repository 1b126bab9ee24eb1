import type { Lane } from '../../folds/lanes.ts';
import type { Processes, ProcessHistory } from '../../folds/processes.ts';
import type { Band } from './raster.ts';

/** Lanes from top to bottom: by process, then by thread. */
export function orderLanes(lanes: readonly Lane[]): Lane[] {
  return [...lanes].sort((a, b) => a.process - b.process || a.thread - b.thread);
}

/** A row of the timeline: a thread, the head of a process above its threads, or both in one. */
export interface Row {
  /** The thread whose lane is drawn in the row. */
  lane: Lane | null;
  /** The process that the row is the head of. */
  process: ProcessHistory | null;
}

/** From so many processes on, those with a single thread are one row each unless they are opened. */
const manyProcesses = 8;

/** Whether a process is drawn in one row, with the lane of its main thread. */
export function isFolded(number: number, threads: number, processCount: number, chosen: ReadonlyMap<number, boolean>): boolean {
  return chosen.get(number) ?? (threads <= 1 && processCount > manyProcesses);
}

/** Rows from top to bottom. A run of one process needs no heads. */
export function rowsOf(lanes: readonly Lane[], processes: Processes, chosen: ReadonlyMap<number, boolean>): Row[] {
  const ordered = orderLanes(lanes);
  if (!processes.areSeveral) return ordered.map((lane) => ({ lane, process: null }));
  const byProcess = new Map<number, Lane[]>();
  for (const lane of ordered) byProcess.set(lane.process, [...(byProcess.get(lane.process) ?? []), lane]);
  return [...processes.list]
    .sort((a, b) => a.number - b.number)
    .flatMap((process): Row[] => {
      const own = byProcess.get(process.number) ?? [];
      if (isFolded(process.number, own.length, processes.list.length, chosen)) return [{ lane: own[0] ?? null, process }];
      return [{ lane: null, process }, ...own.map((lane) => ({ lane, process: null }))];
    });
}

/** Height of a lane in CSS pixels: generous while there are few. A finger needs 24 of them. */
export function laneHeight(count: number, coarsePointer: boolean): number {
  if (count <= 10) return 30;
  return count <= 20 || coarsePointer ? 24 : 20;
}

export interface LaneParts {
  state: Band;
  /** Where the tasks are drawn, if the lane has any. */
  tasks: Band | null;
}

/** Where the parts of a lane lie, in device pixels. */
export function laneParts(top: number, height: number, ratio: number, hasTasks: boolean): LaneParts {
  const at = (pixels: number) => Math.round(pixels * ratio);
  const padding = height >= 28 ? 4 : 3;
  const inner = height - 2 * padding;
  if (!hasTasks) return { state: { top: at(top + padding), height: at(inner) }, tasks: null };
  const tasks = Math.round(inner * 0.62);
  return {
    tasks: { top: at(top + padding), height: at(tasks) },
    state: { top: at(top + padding) + at(tasks), height: at(inner - tasks) },
  };
}
