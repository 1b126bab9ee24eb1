import { html, nothing } from 'lit-html';
import { inLanguage } from '../../app/i18n/index.ts';
import { focus, moment, pointed, range, whole } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { toPixel } from '../kit/axis/scale.ts';
import { shownSpan, stageWidth } from '../kit/axis/window.ts';
import { iconButton } from '../kit/buttons.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { cut } from '../kit/threads.ts';
import type { Track, TrackCanvas } from '../kit/track.ts';
import { foldedTracks, pinnedTracks, toggled, trackHeight } from './layout.ts';
import { trackTexts } from './track_texts.ts';

/** A track where it stands among the rows; pinned above them, it has no place. */
export function trackRow(track: Track, top: number | null) {
  const { key, name, hint = name, note, label } = track;
  const t = inLanguage(trackTexts);
  const isFolded = foldedTracks.value.has(name);
  const isPinned = pinnedTracks.value.has(name);
  return html`<div class=${`track${isFolded ? ' track-folded' : ''}`} data-track=${key} .style=${`height:${trackHeight(track)}px${top === null ? '' : `;top:${top}px`}`}>
    <div class="gutter">
      <button type="button" class="track-fold" aria-expanded=${!isFolded} title=${`${hint}\n${isFolded ? t.unfoldTrack : t.foldTrack}`}
        @click=${() => (foldedTracks.value = toggled(foldedTracks.value, name))}
      ><span class="name" title=${hint}>${cut(name)}</span></button>
      ${note === undefined || isFolded ? nothing : html`<span class="muted track-note">${note}</span>`}
      ${iconButton('pin', `${isPinned ? t.unpin : t.pin}: ${name}`, () => (pinnedTracks.value = toggled(pinnedTracks.value, name)), { pressed: isPinned })}
    </div>
    <div class="stage" role="img" aria-label=${label}><canvas aria-hidden="true"></canvas><output class="value" hidden></output></div>
  </div>`;
}

/** Draws the tracks, whose rows are below the root. */
export function drawTracks(root: HTMLElement, tracks: readonly Track[]): void {
  const current = whole();
  const [width, ratio, span, colour] = [stageWidth.value, pixelRatio(), shownSpan(), colours.value];
  void [pointed.value, range.value, focus.value];
  if (!current) return;
  for (const track of tracks) drawTrack(root, track, current, { width, ratio, span, colour });
}

function drawTrack(root: HTMLElement, track: Track, { now }: Moment, axis: Pick<TrackCanvas, 'width' | 'ratio' | 'span' | 'colour'>): void {
  const { width, ratio, span, colour } = axis;
  const stage = root.querySelector<HTMLElement>(`[data-track="${track.key}"] .stage`);
  const element = stage?.querySelector('canvas');
  const height = trackHeight(track) - 1;
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
  const rewound = moment();
  if (rewound && !rewound.isEnd) {
    context.fillStyle = colour('veil');
    const from = Math.max(0, Math.round(toPixel(rewound.now, span, width)));
    context.fillRect(from, 0, width - from, height);
  }
  const at = pointed.value;
  const text = at === null || at < span.start || at > Math.max(now, track.end ?? 0) ? null : track.textAt(at, canvas);
  const value = stage.querySelector<HTMLElement>('.value')!;
  value.hidden = text === null;
  if (at === null || text === null) return;
  const x = Math.round(toPixel(at, span, width));
  context.fillStyle = colour('muted');
  context.fillRect(x, 0, 1, height);
  value.textContent = text;
  value.style.transform = `translateX(${Math.round(Math.min(Math.max(0, x + 8), width - value.offsetWidth - 2))}px)`;
}
