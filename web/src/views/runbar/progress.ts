import { html } from 'lit-html';
import { formatInteger, formatPercent } from '../../app/format.ts';
import { language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';

export function progress({ progress: { done, total } }: Moment) {
  const t = texts().run;
  if (total === 0) return html`<progress aria-label=${t.progress}></progress>`;
  const [doneText, totalText] = [formatInteger(done, language.value), formatInteger(total, language.value)];
  return html`
    <progress max=${total} .value=${done} aria-label=${t.progress}></progress>
    <span class="progress-text">${t.progressOf(doneText, totalText)} · ${formatPercent(done / total, language.value)}</span>
  `;
}
