import { formatWithUnit } from '../../app/format.ts';
import { html, nothing } from 'lit-html';
import { language, localised, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { icon } from '../kit/icons.ts';
import { coresOf } from '../kit/cores.ts';
import { figure, statementOf } from '../kit/statement.ts';

export function checks(current: Moment) {
  const t = texts().results;
  const { summary } = current;
  if (summary.checks.size === 0) return nothing;
  return html`
    <ul class="checks" aria-label=${t.checks}>
      ${[...summary.checks].map(
        ([name, holds]) => html`<li class=${holds ? 'holds' : 'fails'} data-check=${name} data-holds=${holds}>
          ${icon(holds ? 'check' : 'close')}<span>${statementOf(current, name)}</span>
          <span class="verdict">${holds ? t.holds : t.fails}</span>
        </li>`,
      )}
    </ul>
  `;
}

export function measured(current: Moment) {
  const { results } = current.summary;
  if (results.size === 0) return nothing;
  const declared = current.demo.results.filter(({ name }) => results.has(name));
  const others = [...results.keys()].filter((name) => !declared.some((result) => result.name === name));
  const cores = coresOf(current);
  const entry = (name: string, label: string, declaredUnit: string) => {
    const value = results.get(name)!;
    const isNone = Number(value) === 0 && value !== '';
    const { text, unit } = isNone ? formatWithUnit(0, declaredUnit, language.value) : { text: figure(value), unit: declaredUnit };
    // A speed-up says little without the cores there were for it.
    const on = /(^|_)speed_up(_|$)/.test(name) && cores > 0 ? texts().results.onCores(cores) : '';
    return html`
      <div class="figure-card" data-result=${name} data-value=${value}>
        <dt>${label}</dt><dd>${text}${unit || on ? html` <span class="unit">${unit} ${on}</span>` : nothing}</dd>
      </div>
    `;
  };
  return html`<dl class="figures">
    ${declared.map(({ name, label, unit }) => entry(name, localised(label), localised(unit)))}
    ${others.map((name) => entry(name, name, ''))}
  </dl>`;
}
