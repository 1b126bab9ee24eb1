import { focus, pointed, range, selected, whole } from '../../app/state.ts';
import type { Focus } from '../../app/state.ts';
import { timelineCommandFor } from '../../app/timeline_commands.ts';
import type { TimelineId } from '../../app/timeline_commands.ts';
import { leave, moveToTime } from '../../app/travel.ts';
import { isWait } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import { enterWindow } from '../kit/axis/crumbs.ts';
import { glideTo, gliding } from '../kit/axis/glide.ts';
import { around, pan, zoom } from '../kit/axis/scale.ts';
import { boundsOf, selectionOf, spotOf } from '../kit/axis/spot.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { limits, shownSpan } from '../kit/axis/window.ts';

export const zoomStep = 1.5;
const panStep = 0.15;

export function zoomBy(factor: number): void {
  const span = gliding();
  const middle = (span.start + span.end) / 2;
  const about = pointed.value !== null && pointed.value >= span.start && pointed.value <= span.end ? pointed.value : middle;
  glideTo(zoom(span, about, factor, limits()));
}

function panBy(share: number): void {
  const span = gliding();
  glideTo(pan(span, (span.end - span.start) * share, limits()));
}

/** Zooms to the range that was dragged over, else to the selected span, else to everything. */
export function focusSelection(): void {
  const of = whole();
  if (!of) return;
  if (range.value) {
    enterWindow(around(range.value.start, range.value.end, limits()));
    return;
  }
  const spot = spotOf(of, selected.value);
  const bounds = spot && boundsOf(spot, of.now);
  enterWindow(bounds ? around(bounds.start, bounds.end, limits()) : null);
}

/** The neighbour of a span in its lane; spans of no length are passed over. */
function neighbour({ lane, index, task }: Spot, by: 1 | -1, now: number): Spot | null {
  const count = task ? lane.taskCount : lane.count;
  for (let next = index + by; next >= 0 && next < count; next += by) {
    const bounds = boundsOf({ lane, index: next, task }, now);
    if (bounds.end > bounds.start) return { lane, index: next, task };
  }
  return null;
}

/** What a span takes the focus to: its thread, and what it waits for or works at. */
export function focusOf({ lane, index, task }: Spot): Partial<Focus> {
  const object = task ? lane.taskFutures.at(index) : isWait(lane.states.at(index)) ? lane.objects.at(index) : 0;
  return { process: lane.process, thread: lane.thread, object };
}

function select(next: Spot | null): void {
  if (!next) return;
  selected.value = selectionOf(next);
  range.value = null;
  const bounds = boundsOf(next, whole()?.now ?? 0);
  moveToTime(bounds.start, focusOf(next));
  const span = shownSpan();
  if (bounds.start < span.start || bounds.start > span.end) {
    const middle = (Math.max(bounds.start, 0) + Math.min(bounds.end, bounds.start + (span.end - span.start))) / 2;
    glideTo(pan(span, middle - (span.start + span.end) / 2, limits()));
  }
}

function selectInLane(lane: Lane, time: number): void {
  select({ lane, index: Math.max(0, lane.spanAt(time)), task: false });
}

function moveLane(lanes: readonly Lane[], by: number): void {
  const of = whole();
  if (!of || lanes.length === 0) return;
  const current = spotOf(of, selected.value);
  const span = shownSpan();
  if (!current) {
    selectInLane(by > 0 ? lanes[0]! : lanes.at(-1)!, span.start);
    return;
  }
  const place = lanes.findIndex(({ process, thread }) => process === current.lane.process && thread === current.lane.thread) + by;
  const lane = lanes[Math.max(0, Math.min(lanes.length - 1, place))]!;
  const { start, end } = boundsOf(current, of.now);
  selectInLane(lane, (Math.max(start, span.start) + Math.min(end, span.end)) / 2);
}

function moveSpan(lanes: readonly Lane[], by: 1 | -1): void {
  const of = whole();
  if (!of) return;
  const current = spotOf(of, selected.value);
  if (current) select(neighbour(current, by, of.now));
  else moveLane(lanes, 1);
}

/** Handles a key while the timeline has the focus. Returns whether it was one of the timeline's. */
export function timelineKey(event: KeyboardEvent, lanes: readonly Lane[]): TimelineId | null {
  const command = timelineCommandFor(event);
  switch (command) {
    case 'zoomIn':
      zoomBy(zoomStep);
      break;
    case 'zoomOut':
      zoomBy(1 / zoomStep);
      break;
    case 'panLeft':
      panBy(-panStep);
      break;
    case 'panRight':
      panBy(panStep);
      break;
    case 'fit':
      glideTo(null);
      break;
    case 'focus':
      focusSelection();
      break;
    case 'previous':
      moveSpan(lanes, -1);
      break;
    case 'next':
      moveSpan(lanes, 1);
      break;
    case 'laneUp':
      moveLane(lanes, -1);
      break;
    case 'laneDown':
      moveLane(lanes, 1);
      break;
    case 'clear':
      // Esc stops a run first; with nothing selected it is not the timeline's either.
      if (!selected.value && !range.value && focus.value.index === null) return null;
      leave();
      selected.value = null;
      range.value = null;
      break;
    default:
      return null;
  }
  return command;
}
