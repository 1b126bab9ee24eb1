import { html, nothing } from 'lit-html';
import type { Moment } from '../../app/moment.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { frame, moment, pointed, range, slowFrame } from '../../app/state.ts';
import type { Span } from '../../app/state.ts';
import { attachGestures } from './axis/gestures.ts';
import { toPixel } from './axis/scale.ts';
import { shownSpan, stageWidth } from './axis/window.ts';
import { colours, fitCanvas, pixelRatio } from './canvas.ts';
import { cut } from './threads.ts';

/** Where a track is painted. Sizes are CSS pixels. */
export interface TrackCanvas {
  /** Scaled to CSS pixels, and cleared. */
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  readonly span: Span;
  readonly now: number;
  readonly colour: (name: string) => string;
}

/** A line on the timeline's axis that shows something over time, with the value at the pointer. */
export interface Track {
  /** Unique on the page. */
  readonly key: string;
  readonly name: string;
  readonly hint?: string;
  readonly note?: string;
  /** For screen readers. */
  readonly label: string;
  readonly size: keyof typeof heights;
  paint(canvas: TrackCanvas): void;
  /** The value at a time up to now; null if there is none. */
  textAt(time: number, canvas: TrackCanvas): string | null;
}

/** Heights of the canvases in CSS pixels; the style sheet has those of the rows. */
const heights = { tall: 64, low: 30, lane: 34 };

export function trackRow({ key, name, hint = name, note, label, size }: Track) {
  return html`<div class=${`track track-${size}`} data-track=${key}>
    <div class="gutter">
      <span class="name" title=${hint}>${cut(name)}</span>
      ${note === undefined ? nothing : html`<span class="muted">${note}</span>`}
    </div>
    <div class="stage" role="img" aria-label=${label}><canvas aria-hidden="true"></canvas><output class="value" hidden></output></div>
  </div>`;
}

const attached = new WeakSet<Element>();

/** Lets rows that were rendered below the root be zoomed and panned as the timeline is. */
export function attachTracks(root: HTMLElement): void {
  for (const stage of root.querySelectorAll<HTMLElement>('.track .stage')) {
    if (attached.has(stage)) continue;
    attached.add(stage);
    attachGestures(stage, null, () => {});
  }
}

/** Draws the tracks, whose rows are below the root, whenever a frame or the part shown changes. */
export function drawTracks(root: HTMLElement, tracks: () => readonly Track[]): void {
  drawWhenChanged(() => {
    void frame.value;
    void slowFrame.value;
    const current = moment();
    const [width, ratio, span, colour] = [stageWidth.value, pixelRatio(), shownSpan(), colours.value];
    void [pointed.value, range.value];
    if (!current) return;
    for (const track of tracks()) drawTrack(root, track, current, { width, ratio, span, colour });
  });
}

function drawTrack(root: HTMLElement, track: Track, { now }: Moment, axis: Pick<TrackCanvas, 'width' | 'ratio' | 'span' | 'colour'>): void {
  const { width, ratio, span, colour } = axis;
  const stage = root.querySelector<HTMLElement>(`[data-track="${track.key}"] .stage`);
  const element = stage?.querySelector('canvas');
  const height = heights[track.size];
  if (!stage || !element || !fitCanvas(element, width, height, ratio)) return;
  const context = element.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const canvas = { context, height, now, ...axis };
  track.paint(canvas);
  if (range.value) {
    context.fillStyle = colour('veil');
    const [left, right] = [toPixel(range.value.start, span, width), toPixel(range.value.end, span, width)];
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
  }
  const at = pointed.value;
  const text = at === null || at < span.start || at > now ? null : track.textAt(at, canvas);
  const value = stage.querySelector<HTMLElement>('.value')!;
  value.hidden = text === null;
  if (at === null || text === null) return;
  const x = Math.round(toPixel(at, span, width));
  context.fillStyle = colour('muted');
  context.fillRect(x, 0, 1, height);
  value.textContent = text;
  value.style.transform = `translateX(${Math.round(Math.min(Math.max(0, x + 8), width - value.offsetWidth - 2))}px)`;
}
