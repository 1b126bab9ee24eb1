import { html, nothing, render } from 'lit-html';
import { formatBytes, formatInteger, formatMoment } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { ownerOf } from '../../trace/objects.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, moveFocus, slowFrame, whole } from '../../app/state.ts';
import { toPixel, toTime } from '../kit/axis/scale.ts';
import { paintSteps } from '../kit/steps_painter.ts';
import { table } from '../kit/table.ts';
import { objectName } from '../kit/threads.ts';
import { offerTracks } from '../kit/track.ts';
import type { Track } from '../kit/track.ts';
import { seriesOf } from './series.ts';
import type { Series } from './series.ts';
import { countersTexts } from './texts.ts';

const count = (value: number) => formatInteger(value, language.value);

function nameOf(current: Moment, series: Series): string {
  if (series.kind === 'tasks') return inLanguage(countersTexts).tasksWaiting;
  return objectName(current, series.process, series.object) + (series.arrow ?? '');
}

function limitOf({ kind, bytes, limit }: Series): string {
  const t = inLanguage(countersTexts);
  if (kind === 'tasks') return '';
  if (bytes !== undefined) return t.sent(formatBytes(bytes, language.value));
  if (Number.isNaN(limit)) return '';
  return limit > 0 ? t.bounded(count(limit)) : t.unbounded;
}

function trackOf(current: Moment, series: Series): Track {
  const t = inLanguage(countersTexts);
  const { key, steps, limit } = series;
  const name = nameOf(current, series);
  return {
    key,
    process: ownerOf(series.process, series.object),
    name,
    subject: { process: series.process, object: series.object },
    note: limitOf(series),
    label: `${name}: ${t.maximum} ${count(steps.maximum)}, ${t.now} ${count(steps.last)}`,
    size: 'tall',
    paint: (canvas) => paintSteps(canvas, steps, limit),
    textAt: (time, { span, width }) => {
      const x = toPixel(time, span, width);
      const { least, most } = steps.rangeIn(toTime(x - 0.5, span, width), toTime(x + 0.5, span, width));
      const at = formatMoment(time, ((span.end - span.start) / width) * 10);
      return least === most ? t.at(count(least), at) : t.between(count(least), count(most), at);
    },
  };
}

function numbers(current: Moment, all: readonly Series[]) {
  const t = inLanguage(countersTexts);
  return table(
    [{ head: t.queue }, ...[t.limit, t.maximum, t.now, t.puts, t.gets].map((head) => ({ head, figure: true }))],
    all.map((series) => [
      nameOf(current, series),
      series.kind !== 'queue' || Number.isNaN(series.limit) ? '–' : series.limit > 0 ? count(series.limit) : t.unbounded,
      ...[series.steps.maximum, series.steps.last, series.entered, series.left].map(count),
    ]),
    t.tableCaption,
    (row) => () => moveFocus({ process: all[row]!.process, thread: 0, object: all[row]!.object }),
  );
}

/** Depths of queues and pipes: tracks of the timeline, and a table. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const run = whole();
    offerTracks(20, run ? seriesOf(run).map((series) => trackOf(run, series)) : []);
  });
  drawWhenChanged(() => {
    const t = inLanguage(countersTexts);
    const current = moment();
    void slowFrame.value;
    const all = current ? seriesOf(current) : [];
    root.hidden = all.length === 0;
    render(
      current && all.length > 0
        ? html`<section class="panel counters" aria-labelledby="counters-title">
            <div class="panel-head"><h2 id="counters-title">${all.some(({ kind }) => kind === 'pipe') ? t.titleWithPipes : t.title}</h2></div>
            ${numbers(current, all)}
          </section>`
        : nothing,
      root,
    );
  });
}
