import type { Lane } from '../../folds/lanes.ts';
import type { Band } from './raster.ts';

/** Lanes from top to bottom: by process, then by thread. */
export function orderLanes(lanes: readonly Lane[]): Lane[] {
  return [...lanes].sort((a, b) => a.process - b.process || a.thread - b.thread);
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
