import { signal } from '@preact/signals-core';
import { baselineMoment } from '../../app/compare.ts';
import { formatDuration } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import { layout } from '../../app/layout.ts';
import type { Moment } from '../../app/moment.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, phase, shown, slowFrame } from '../../app/state.ts';
import type { Lane } from '../../folds/lanes.ts';
import { reach } from '../kit/axis/window.ts';
import { categoryOfState } from '../kit/palette.ts';
import { Raster, tilesFor } from '../kit/raster.ts';
import { dark } from '../kit/theme.ts';
import { threadName, threadShortName } from '../kit/threads.ts';
import { offerTracks } from '../kit/track.ts';
import type { Track, TrackCanvas } from '../kit/track.ts';
import { runLabel } from './labels.ts';
import { runsTexts } from './texts.ts';

/** Whether the lanes of A stand below those of the run shown. */
export const isInPicture = signal(true);

/** Lanes of A that are shown: a picture of more is none. */
const mostLanes = 24;

/** Left free above and below a lane, in CSS pixels. */
const padding = 3;

/** Among the tracks of all views A comes first: it is looked at beside the lanes. */
const place = 1;

const startOf = ({ start, summary: { startedAt } }: Moment) => (Number.isNaN(startedAt) ? start : startedAt);

/** What A's clock is behind that of the run shown, when both are set to zero at the start of their runs. */
export const shiftOf = (a: Moment, b: Moment): number => startOf(b) - startOf(a);

/** All lanes have one size, and are painted one after the other. */
let raster: Raster | null = null;

function paintLane(lane: Lane, now: number, shift: number, { context, span, ratio }: TrackCanvas): void {
  const { width, height } = context.canvas;
  if (raster?.width !== width || raster.height !== height) raster = new Raster(width, height);
  raster.clear();
  const top = Math.round(padding * ratio);
  const band = { top, height: Math.max(1, height - 2 * top) };
  raster.lane(lane, band, { start: span.start - shift, end: span.end - shift }, now, tilesFor(dark.value, ratio));
  context.putImageData(raster.image, 0, 0);
}

/** What the thread did at a time of A's clock; null before its beginning and after its end. */
export function stateText(lane: Lane, time: number, now: number): string | null {
  const index = lane.spanAt(time);
  const category = index < 0 || time > now ? null : categoryOfState[lane.states.at(index)];
  if (!category) return null;
  return `${texts().states[category]} · ${formatDuration(lane.spanEnd(index, now) - lane.starts.at(index), language.value)}`;
}

function tracksOf(a: Moment, b: Moment): Track[] {
  const t = inLanguage(runsTexts);
  const { now } = a;
  const shift = shiftOf(a, b);
  const lanes = [...a.lanes.list].sort((one, other) => one.process - other.process || one.thread - other.thread);
  return lanes.slice(0, mostLanes).map((lane): Track => {
    const name = threadName(a, lane.process, lane.thread);
    const shortName = threadShortName(a, lane.process, lane.thread);
    return {
      key: `a-${lane.process}-${lane.thread}`,
      process: 0,
      name: `A · ${layout.value === 'narrow' ? shortName : name}`,
      hint: `A · ${name}\n${runLabel(a)}`,
      label: t.laneLabel(name),
      size: 'low',
      end: now + shift,
      paint: (canvas) => paintLane(lane, now, shift, canvas),
      textAt: (time) => stateText(lane, time - shift, now),
    };
  });
}

/** Tracks of the timeline, one a thread of A, on the axis of the run shown, which reaches to the end of the longer of the two. */
export function offerBaseline(): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const [a, b] = [baselineMoment(), moment()];
    const isShown = a !== null && b !== null && isInPicture.value;
    offerTracks(place, isShown ? tracksOf(a, b) : []);
    // A part that follows the end of a live run follows that, not the end of A.
    const follows = shown.value !== null && phase.value !== 'idle';
    reach.value = isShown && !follows ? a.now + shiftOf(a, b) : 0;
  });
}
