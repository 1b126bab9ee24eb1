import { html, nothing, render } from 'lit-html';
import { formatMoment } from '../../app/format.ts';
import { selected, whole } from '../../app/state.ts';
import type { Focus, Selection } from '../../app/state.ts';
import { focusTime, pressTravelKey } from '../../app/travel.ts';
import { absent } from '../../folds/lanes.ts';
import type { Lane } from '../../folds/lanes.ts';
import { sayQuietly } from '../kit/announce.ts';
import { attachGestures, attachScrubbing } from '../kit/axis/gestures.ts';
import { toTime } from '../kit/axis/scale.ts';
import { selectionOf, spotOf } from '../kit/axis/spot.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { shownSpan, stageWidth } from '../kit/axis/window.ts';
import { offeredTracks } from '../kit/track.ts';
import { describe } from './describe.ts';
import { focusOf, timelineKey } from './keys.ts';
import { laneParts } from './layout.ts';
import type { PlacedRow } from './layout.ts';
import { attachOverview } from './overview.ts';
import { onTop } from './overlay_chart.ts';
import { paintSelection } from './selection_painter.ts';
import { paintTravel, showPlayhead } from './travel_painter.ts';

/*
 * What a pointer and the keys do on the timeline: loaded when it is first pointed at, or gets the focus.
 */

export { glideTo } from '../kit/axis/glide.ts';
export { details } from './details.ts';
export { zoomBy, zoomStep } from './keys.ts';

// The focus may be moved by another view, before there is a pointer on the timeline.
onTop.value = (context, viewport, span, hovered) => {
  paintSelection(context, viewport, span, hovered);
  paintTravel(context, viewport, span);
};
showPlayhead();

/** What the timeline shows. */
export interface Lanes {
  readonly root: HTMLElement;
  rows(): readonly PlacedRow[];
  /** How far they are scrolled, in CSS pixels. */
  top(): number;
  hover(selection: Selection | null): void;
  reveal(lane: Lane): void;
}

/** What lies under a point of the window, in CSS pixels. */
function hit(lanes: Lanes, x: number, y: number): Spot | null {
  const row = lanes.rows().findLast(({ top }) => top <= y + lanes.top());
  const now = whole()?.now ?? 0;
  const span = shownSpan();
  const width = stageWidth.value;
  const [from, to] = [toTime(x - 1, span, width), toTime(x + 1, span, width)];
  const lane = row?.lanes.find(({ start, end }) => start <= to && !(end < from));
  if (!row || !lane) return null;
  const inside = y + lanes.top() - row.top;
  const parts = laneParts(0, row.height, 1, lane.taskCount > 0);
  if (parts.tasks && inside < parts.state.top) {
    const task = lane.taskAt(toTime(x, span, width), now);
    if (task >= 0) return { lane, index: task, task: true };
  }
  if (from > now) return null;
  const index = lane.longestIn(Math.max(from, lane.start), Math.min(to, now), now);
  return index < 0 || lane.states.at(index) === absent ? null : { lane, index, task: false };
}

function showTooltip(lanes: Lanes, at: { x: number; y: number } | null): void {
  const part = (name: string) => lanes.root.querySelector<HTMLElement>(`.${name}`)!;
  const tooltip = part('tooltip');
  const found = at && hit(lanes, at.x, at.y);
  lanes.hover(found && selectionOf(found));
  const current = whole();
  tooltip.hidden = !found || !current;
  if (!found || !at || !current) return;
  const { thread, what, more, duration } = describe(current, found);
  render(
    html`<strong>${what}</strong><span>${duration}</span>${more ? html`<span class="muted">${more}</span>` : nothing}<span class="muted">${thread}</span>`,
    tooltip,
  );
  const chart = part('chart').getBoundingClientRect();
  const stage = part('window').getBoundingClientRect();
  const box = tooltip.getBoundingClientRect();
  const x = Math.min(stage.left - chart.left + at.x + 14, chart.width - box.width - 6);
  const below = stage.top - chart.top + at.y + 18;
  const y = below + box.height > chart.height ? below - box.height - 30 : below;
  tooltip.style.transform = `translate(${Math.round(Math.max(0, x))}px, ${Math.round(y)}px)`;
}

/** The pointer on the lanes and the axis. */
export function attachLanes(lanes: Lanes): void {
  const part = (name: string) => lanes.root.querySelector<HTMLElement>(name)!;
  attachGestures(
    part('.window'),
    (x, y) => hit(lanes, x, y),
    (at) => showTooltip(lanes, at),
    (_, found) => (found ? focusOf(found) : {}),
  );
  attachScrubbing(part('.ruler'));
  attachOverview(part('.overview'));
}

/** What a pointer did before there was anybody to listen. */
export function repeat(missed: readonly Event[]): void {
  for (const event of missed) event.target?.dispatchEvent(new PointerEvent(event.type, event));
}

const attached = new WeakSet<Element>();

/** Lets tracks that were rendered be zoomed and panned as the lanes are. */
export function attachTracks(root: HTMLElement): void {
  for (const stage of root.querySelectorAll<HTMLElement>('.track .stage')) {
    if (attached.has(stage)) continue;
    attached.add(stage);
    const { track: key } = stage.closest<HTMLElement>('.track')!.dataset;
    const focusAt = (time: number): Partial<Focus> => {
      const track = offeredTracks().find((each) => each.key === key);
      return { thread: 0, ...track?.subject, ...track?.focusAt?.(time) };
    };
    attachGestures(stage, null, () => {}, focusAt);
  }
}

/** A key of the timeline, and what it leads to for those who cannot see it. */
export function press(lanes: Lanes, event: KeyboardEvent): void {
  const order = lanes.rows().flatMap(({ lanes: own }) => own);
  const travels = pressTravelKey(event, 'timeline');
  const isKey = travels || timelineKey(event, order) !== null;
  const current = whole();
  const spot = spotOf(current, selected.value);
  if (!isKey || !spot || !current) return;
  lanes.reveal(spot.lane);
  const { thread, what, more, duration } = describe(current, spot);
  const at = travels ? formatMoment(focusTime(), current.length / 1000) : '';
  sayQuietly([at, thread, what, more, duration].filter(Boolean).join(', '));
}
