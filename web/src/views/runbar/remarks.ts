import { html, nothing } from 'lit-html';
import { formatInteger } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { icon } from '../kit/icons.ts';
import { runbarTexts } from './texts.ts';

/** Records that the trace lacks: loss is never silent. */
export function losses({ losses: { dropped, overLimit, missing } }: Moment) {
  const t = inLanguage(runbarTexts);
  const count = (value: number) => formatInteger(value, language.value);
  const lines = [
    dropped > 0 && t.dropped(count(dropped)),
    overLimit > 0 && t.overLimit(count(overLimit)),
    missing > 0 && t.missing(count(missing)),
  ];
  return lines.map((line) => (line ? html`<p class="loss">${icon('warning')}${line}</p>` : nothing));
}

export function stale({ source }: Moment) {
  const t = inLanguage(runbarTexts);
  return html`<span class="outcome stale" title=${source === 'recorded' ? t.staleRecordedHint : t.staleHint}>${icon('warning')}<span>${t.stale}</span></span>`;
}
