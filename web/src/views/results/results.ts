import { html, nothing, render } from 'lit-html';
import { localised, texts } from '../../app/i18n/index.ts';
import { part } from '../../app/part.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, phase, slowFrame } from '../../app/state.ts';
import { withSeldomStyle } from '../../app/styles.ts';
import type { Moment } from '../../app/moment.ts';
import { icon } from '../kit/icons.ts';
import { coresOf } from '../kit/cores.ts';
import { withUnit } from '../kit/measured.ts';
import { figure, statementOf } from '../kit/statement.ts';

function checks(current: Moment) {
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

function measured(current: Moment) {
  const { results } = current.summary;
  if (results.size === 0) return nothing;
  const declared = current.demo.results.filter(({ name }) => results.has(name));
  const others = [...results.keys()].filter((name) => !declared.some((result) => result.name === name));
  const cores = coresOf(current);
  const entry = (name: string, label: string, declaredUnit: string) => {
    const value = results.get(name)!;
    const isNone = Number(value) === 0 && value !== '';
    const { text, unit } = isNone ? withUnit(0, declaredUnit) : { text: figure(value), unit: declaredUnit };
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

/** What hardly any run has: exceptions that nobody caught, and crashes. */
const failuresPart = part(() => withSeldomStyle(import('./failures.ts')));

function wentWrong(current: Moment) {
  const uncaught = uncaughtIn(current);
  const hasCrashed = current.ending?.kind === 'crashed';
  return uncaught.length > 0 || hasCrashed ? (failuresPart()?.failures(current, uncaught) ?? nothing) : nothing;
}

function empty(current: Moment | null) {
  const t = texts().results;
  if (phase.value !== 'idle') return html`<div class="empty"><p>${t.pending}</p></div>`;
  if (/stopped|killed|deadlock/.test(current?.ending?.kind ?? '')) return html`<div class="empty"><p>${t.noneStopped}</p></div>`;
  return html`<div class="empty"><p>${t.empty}</p><p>${t.emptyHint}</p></div>`;
}

/** A deadlock, which is reported as an error too, has its own view. */
const uncaughtIn = (current: Moment) => [...current.summary.errors].filter(({ text }) => !text.startsWith('deadlock: '));

export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = texts().results;
    const current = moment();
    const summary = current?.summary;
    const nothingYet =
      !summary || (current.ending?.kind !== 'crashed' && summary.checks.size + summary.results.size + uncaughtIn(current).length === 0);
    render(
      html`
        <section class="panel results" aria-labelledby="results-title">
          <div class="panel-head"><h2 id="results-title">${t.title}</h2></div>
          ${nothingYet || !current ? empty(current) : html`${checks(current)}${wentWrong(current)}${measured(current)}`}
        </section>
      `,
      root,
    );
  });
}
