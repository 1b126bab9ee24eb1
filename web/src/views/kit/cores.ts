import type { Moment } from '../../app/moment.ts';

/** Cores of the computer that the run was made on; NaN if the run does not tell. */
export function coresOf({ header }: Moment): number {
  return Number(/(\d+) (?:logical processors?|cores?)\b/.exec(header.machine)?.[1] ?? NaN);
}

/** Whether more threads were running at once than there are cores: then running only means that nothing else kept them from it. */
export function isCrowded(moment: Moment): boolean {
  return moment.lanes.mostRunning > coresOf(moment);
}
