import type { Moment } from '../../../app/moment.ts';
import type { Selection } from '../../../app/state.ts';
import type { Lane } from '../../../folds/lanes.ts';

/** A span of a lane, or one of its tasks, as of a moment. */
export interface Spot {
  lane: Lane;
  index: number;
  task: boolean;
}

/** What is selected, if the moment knows of it. */
export function spotOf(moment: Moment | null, selection: Selection | null): Spot | null {
  const lane = moment && selection && moment.lanes.find(selection.process, selection.thread);
  if (!lane || selection.index >= (selection.task ? lane.taskCount : lane.count)) return null;
  return { lane, index: selection.index, task: selection.task };
}

export function selectionOf({ lane: { process, thread }, index, task }: Spot): Selection {
  return { process, thread, index, task };
}

export function boundsOf({ lane, index, task }: Spot, now: number): { start: number; end: number } {
  if (!task) return { start: lane.starts.at(index), end: lane.spanEnd(index, now) };
  const end = lane.taskEnd(index);
  return { start: lane.taskStarts.at(index), end: Number.isNaN(end) ? now : end };
}
