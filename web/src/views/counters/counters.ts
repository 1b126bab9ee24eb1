import { html, nothing, render } from 'lit-html';
import { formatBytes, formatInteger, formatMoment } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { frame, moment, phase, pointed, range, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { colours, fitCanvas, pixelRatio } from '../kit/canvas.ts';
import { table } from '../kit/table.ts';
import { cut, objectName } from '../kit/threads.ts';
import { attachGestures } from '../timeline/gestures.ts';
import { toPixel, toTime } from '../timeline/scale.ts';
import { shownSpan, stageWidth } from '../timeline/window.ts';
import { paintSteps, scaleTop } from './steps_painter.ts';
import { countersTexts } from './texts.ts';
import { tracksOf } from './tracks.ts';
import type { Track } from './tracks.ts';

const trackHeight = 64;

/** Depths of queues and pipes, on the timeline's axis. */
export function mountCounters(root: HTMLElement): void {
  let tracks: Track[] = [];
  let reserved = 0;
  const attached = new WeakSet<Element>();

  drawWhenChanged(() => {
    const t = inLanguage(countersTexts);
    const current = moment();
    void slowFrame.value;
    tracks = current ? tracksOf(current) : [];
    if (phase.value === 'idle') reserved = tracks.length;
    root.hidden = tracks.length === 0 && reserved === 0;
    render(
      html`
        <figure class="panel counters" aria-labelledby="counters-title">
          <figcaption class="panel-head"><h2 id="counters-title">${tracks.some(({ kind }) => kind === 'pipe') ? t.titleWithPipes : t.title}</h2></figcaption>
          ${tracks.map(
            (track) => html`<div class="track" data-track=${track.key}>
              <div class="gutter">
                <span class="name" title=${nameOf(current!, track)}>${cut(nameOf(current!, track))}</span>
                <span class="muted">${limitOf(track)}</span>
              </div>
              <div class="stage" role="img" aria-label=${labelOf(current!, track)}><canvas aria-hidden="true"></canvas><output class="value" hidden></output></div>
            </div>`,
          )}
          ${Array.from({ length: Math.max(0, reserved - tracks.length) }, () => html`<div class="track"></div>`)}
          <details class="as-table">
            <summary>${texts().timeline.asTable}</summary>
            ${current ? numbers(current) : nothing}
          </details>
        </figure>
      `,
      root,
    );
    for (const stage of root.querySelectorAll<HTMLElement>('.stage')) {
      if (attached.has(stage)) continue;
      attached.add(stage);
      attachGestures(stage, null, () => {});
    }
  });

  function nameOf(current: Moment, track: Track): string {
    return track.kind === 'tasks' ? inLanguage(countersTexts).tasksWaiting : objectName(current, track.process, track.object) + (track.arrow ?? '');
  }

  function limitOf(track: Track): string {
    const t = inLanguage(countersTexts);
    if (track.kind === 'tasks') return '';
    if (track.bytes !== undefined) return t.sent(formatBytes(track.bytes, language.value));
    if (Number.isNaN(track.limit)) return '';
    return track.limit > 0 ? t.bounded(formatInteger(track.limit, language.value)) : t.unbounded;
  }

  function labelOf(current: Moment, track: Track): string {
    const t = inLanguage(countersTexts);
    return `${nameOf(current, track)}: ${t.maximum} ${formatInteger(track.steps.maximum, language.value)}, ${t.now} ${formatInteger(track.steps.last, language.value)}`;
  }

  function numbers(current: Moment) {
    const t = inLanguage(countersTexts);
    const count = (value: number) => formatInteger(value, language.value);
    return table(
      [{ head: t.queue }, ...[t.limit, t.maximum, t.now, t.puts, t.gets].map((head) => ({ head, figure: true }))],
      tracks.map((track) => [
        nameOf(current, track),
        track.kind !== 'queue' || Number.isNaN(track.limit) ? '–' : track.limit > 0 ? count(track.limit) : t.unbounded,
        ...[track.steps.maximum, track.steps.last, track.entered, track.left].map(count),
      ]),
      t.tableCaption,
    );
  }

  drawWhenChanged(() => {
    void frame.value;
    void slowFrame.value;
    const colour = colours.value;
    const width = stageWidth.value;
    const current = moment();
    const ratio = pixelRatio();
    const span = shownSpan();
    const at = pointed.value;
    const stepColours = {
      area: colour('depth'), band: colour('depth-band'), edge: colour('depth-edge'),
      limit: colour('depth-limit'), grid: colour('grid'), text: colour('muted'),
    };
    const font = colour('font-small');
    for (const track of tracks) {
      const element = root.querySelector<HTMLElement>(`[data-track="${track.key}"] .stage`);
      const canvas = element?.querySelector('canvas');
      if (!element || !canvas || !current || !fitCanvas(canvas, width, trackHeight, ratio)) continue;
      const context = canvas.getContext('2d')!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, trackHeight);
      const top = scaleTop(track.steps.maximum, track.limit);
      paintSteps(context, track.steps, span, current.now, width, trackHeight, top, track.limit, ratio, font, stepColours);
      if (range.value) {
        context.fillStyle = colour('veil');
        const [left, right] = [toPixel(range.value.start, span, width), toPixel(range.value.end, span, width)];
        context.fillRect(0, 0, left, trackHeight);
        context.fillRect(right, 0, width - right, trackHeight);
      }
      const value = element.querySelector<HTMLElement>('.value')!;
      value.hidden = at === null || at < span.start || at > current.now;
      if (at !== null && !value.hidden) {
        const x = toPixel(at, span, width);
        context.fillStyle = colour('muted');
        context.fillRect(Math.round(x), 0, 1, trackHeight);
        const perPixel = (span.end - span.start) / width;
        const { least, most } = track.steps.rangeIn(toTime(x - 0.5, span, width), toTime(x + 0.5, span, width));
        const count = (n: number) => formatInteger(n, language.value);
        const moment = formatMoment(at, perPixel * 10);
        const t = inLanguage(countersTexts);
        value.textContent = least === most ? t.at(count(least), moment) : t.between(count(least), count(most), moment);
        value.style.transform = `translateX(${Math.round(Math.min(Math.max(0, x + 8), width - value.offsetWidth - 2))}px)`;
      }
    }
  });
}

