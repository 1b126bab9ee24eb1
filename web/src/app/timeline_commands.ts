import { matches } from './commands.ts';
import type { Command, Pressed } from './commands.ts';

export type TimelineId =
  | 'zoomIn'
  | 'zoomOut'
  | 'panLeft'
  | 'panRight'
  | 'fit'
  | 'focus'
  | 'previous'
  | 'next'
  | 'laneUp'
  | 'laneDown'
  | 'clear';

/** These act only while the timeline has the focus: a letter must not act on a page being read or typed into. */
export const timelineCommands: readonly Command<TimelineId>[] = [
  { id: 'zoomIn', keys: [{ code: 'KeyW' }, { key: '+' }, { key: '=' }] },
  { id: 'zoomOut', keys: [{ code: 'KeyS' }, { key: '-' }] },
  { id: 'panLeft', keys: [{ code: 'KeyA' }] },
  { id: 'panRight', keys: [{ code: 'KeyD' }] },
  { id: 'fit', keys: [{ key: '0' }] },
  { id: 'focus', keys: [{ code: 'KeyF' }] },
  { id: 'previous', keys: [{ code: 'ArrowLeft' }] },
  { id: 'next', keys: [{ code: 'ArrowRight' }] },
  { id: 'laneUp', keys: [{ code: 'ArrowUp' }] },
  { id: 'laneDown', keys: [{ code: 'ArrowDown' }] },
  { id: 'clear', keys: [{ code: 'Escape' }] },
];

export function timelineCommandFor(event: Pressed): TimelineId | null {
  return timelineCommands.find(({ keys }) => keys.some((key) => matches(key, event)))?.id ?? null;
}
