import { html, nothing, render } from 'lit-html';
import { texts } from '../../app/i18n/index.ts';
import { part } from '../../app/part.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, phase, slowFrame } from '../../app/state.ts';
import { withSeldomStyle } from '../../app/styles.ts';
import type { Moment } from '../../app/moment.ts';

/** What there is to show once a run is there. */
const findings = part(() => import('./findings.ts'));

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
          ${nothingYet || !current ? empty(current) : html`${findings()?.checks(current)}${wentWrong(current)}${findings()?.measured(current)}`}
        </section>
      `,
      root,
    );
  });
}
