import { html, nothing, render } from 'lit-html';
import { formatNumber } from '../../app/format.ts';
import { language, localised, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, phase, slowFrame } from '../../app/state.ts';
import type { Moment } from '../../app/moment.ts';
import { icon } from '../kit/icons.ts';
import { markClass, threadName } from '../kit/threads.ts';
import { statement } from './statement.ts';

/** A result as people read it; texts stay as they are. */
function figure(value: string): string {
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? formatNumber(number, language.value) : value;
}

function checks(current: Moment) {
  const t = texts().results;
  const { summary } = current;
  if (summary.checks.size === 0) return nothing;
  const figures = (name: string) => {
    const value = summary.results.get(name) ?? summary.parameters.get(name);
    return value === undefined ? null : figure(value);
  };
  return html`
    <ul class="checks" aria-label=${t.checks}>
      ${[...summary.checks].map(([name, holds]) => {
        const declaration = current.demo.checks.find((check) => check.name === name);
        return html`<li class=${holds ? 'holds' : 'fails'} data-check=${name} data-holds=${holds}>
          ${icon(holds ? 'check' : 'close')}<span>${statement(name, declaration, figures)}</span>
          <span class="verdict">${holds ? t.holds : t.fails}</span>
        </li>`;
      })}
    </ul>
  `;
}

function measured(current: Moment) {
  const { results } = current.summary;
  if (results.size === 0) return nothing;
  const declared = current.demo.results.filter(({ name }) => results.has(name));
  const others = [...results.keys()].filter((name) => !declared.some((result) => result.name === name));
  const entry = (name: string, label: string, unit: string) => html`
    <div class="figure-card" data-result=${name} data-value=${results.get(name)!}>
      <dt>${label}</dt><dd>${figure(results.get(name)!)}${unit ? html` <span class="unit">${unit}</span>` : nothing}</dd>
    </div>
  `;
  return html`<dl class="figures">
    ${declared.map(({ name, label, unit }) => entry(name, localised(label), localised(unit)))}
    ${others.map((name) => entry(name, name, ''))}
  </dl>`;
}

/** A deadlock, which is reported as an error too, has its own view. */
const uncaughtIn = (current: Moment) => [...current.summary.errors].filter(({ text }) => !text.startsWith('deadlock: '));

function errors(current: Moment) {
  const uncaught = uncaughtIn(current);
  if (uncaught.length === 0) return nothing;
  const t = texts().results;
  return html`
    <div class="uncaught">
      <h3>${t.errors}</h3>
      <ul>
        ${uncaught.slice(0, 20).map(
          ({ process, thread, text }) => html`<li><code>${text}</code>
            <span class="muted"><span class=${markClass(process, thread)}></span>${t.inThread(threadName(current, process, thread))}</span></li>`,
        )}
      </ul>
    </div>
  `;
}

/** The browser's report of a crash, for the demo's authors. */
function crash(current: Moment) {
  const { ending } = current;
  if (ending?.kind !== 'crashed' || !ending.text) return nothing;
  return html`<div class="uncaught"><h3>${texts().isolation.details}</h3><pre class="crash-text">${ending.text}</pre></div>`;
}

function empty(current: Moment | null) {
  const t = texts().results;
  if (phase.value !== 'idle') return html`<div class="empty"><p>${t.pending}</p></div>`;
  if (/stopped|killed|deadlock/.test(current?.ending?.kind ?? '')) return html`<div class="empty"><p>${t.noneStopped}</p></div>`;
  return html`<div class="empty"><p>${t.empty}</p><p>${t.emptyHint}</p></div>`;
}

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
          ${nothingYet || !current ? empty(current) : html`${checks(current)}${errors(current)}${crash(current)}${measured(current)}`}
        </section>
      `,
      root,
    );
  });
}
