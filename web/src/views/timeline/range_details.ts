import { html } from 'lit-html';
import { formatDuration, formatMoment, formatPercent } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import type { Lane } from '../../folds/lanes.ts';
import { categories } from '../kit/palette.ts';
import { totalsOf } from '../kit/totals.ts';
import { timelineTexts } from './texts.ts';

/** Time in each state in the range, over all threads. */
export function rangeDetails(current: Moment, lanes: readonly Lane[], { start, end }: Span) {
  const totals = lanes.map((lane) => totalsOf(lane, start, end, current.now));
  const alive = totals.reduce((sum, each) => sum + each.alive, 0);
  const shares = categories
    .map((category) => ({ category, time: totals.reduce((sum, each) => sum + each.byCategory.get(category)!, 0) }))
    .filter(({ time }) => time > 0)
    .sort((a, b) => b.time - a.time);
  return html`
    <p>
      <strong>${inLanguage(timelineTexts).range(formatDuration(end - start, language.value))}</strong>
      <span class="muted">${formatMoment(start, end - start)} – ${formatMoment(end, end - start)}</span>
    </p>
    <p>
      ${shares.map(
        ({ category, time }) => html`<span class="share">
          <canvas class="swatch" data-category=${category}></canvas>
          ${texts().states[category]} ${formatPercent(time / alive, language.value)}
        </span>`,
      )}
    </p>
  `;
}
