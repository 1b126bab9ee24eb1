import { signal } from '@preact/signals-core';
import { html, nothing, svg } from 'lit-html';
import type { Demo } from '../../app/catalogue.ts';
import { formatDuration, formatInteger, formatNumber } from '../../app/format.ts';
import { openEntry } from '../../app/history.ts';
import type { Entry } from '../../app/history.ts';
import { inLanguage, language, localised } from '../../app/i18n/index.ts';
import { runSeries, series } from '../../app/repeat.ts';
import { demo, phase } from '../../app/state.ts';
import { quietButton } from '../kit/buttons.ts';
import type { Icon } from '../kit/icons.ts';
import { figures } from '../kit/figures.ts';
import { table } from '../kit/table.ts';
import { historyTroubles, openButtons, outcomeOf } from './history_list.ts';
import { parametersText } from './labels.ts';
import { dotsOf, figureOf, figuresOf, isGood, picksOf, spreadOf, timeFigure } from './spread.ts';
import type { Spread } from './spread.ts';
import { readCount, seriesLimits } from './count.ts';
import { runsTexts } from './texts.ts';

/** As it was typed. */
const typed = signal('10');
const chosen = signal(timeFigure);

const count = (value: number) => formatInteger(value, language.value);

function labelOf(of: Demo, figure: string): string {
  if (figure === timeFigure) return inLanguage(runsTexts).time;
  const declared = of.results.find(({ name }) => name === figure);
  const unit = localised(declared?.unit);
  return `${declared ? localised(declared.label) : figure}${unit ? ` (${unit})` : ''}`;
}

const textOf = (figure: string, value: number) =>
  figure === timeFigure ? formatDuration(value, language.value) : formatNumber(value, language.value);

const width = 640;
const height = 96;
const columns = 64;

/** The plot: a dot a run, above a box from quartile to quartile with the median in it. */
function plot(of: Demo, entries: readonly Entry[], figure: string, spread: Spread) {
  const t = inLanguage(runsTexts);
  const dots = dotsOf(entries, figure, columns);
  const tallest = Math.max(...dots.map((dot) => dot.height)) + 1;
  const boxTop = height - 14;
  const each = width / columns;
  const radius = Math.max(1.5, Math.min(each / 2 - 0.5, boxTop / (2 * tallest) - 0.5));
  const range = spread.most - spread.least;
  const x = (value: number) => (range > 0 ? ((value - spread.least) / range) * (width - each) + each / 2 : width / 2);
  const value = (number: number) => textOf(figure, number);
  return html`
    <svg class="runs-plot" viewBox=${`0 0 ${width} ${height}`} role="img"
      aria-label=${t.plot(labelOf(of, figure), value(spread.least), value(spread.median), value(spread.most))}>
      ${dots.map(({ entry, column, height: place }) => {
        const isOff = entry.bytes === 0 || phase.value !== 'idle';
        return svg`<circle cx=${(column + 0.5) * each} cy=${boxTop - 4 - radius - place * (2 * radius + 1)} r=${radius}
          class=${isGood(entry) ? '' : 'runs-bad'} @click=${() => (isOff ? undefined : void openEntry(entry, 'shown'))}
        ><title>${`${value(figureOf(entry, figure))} · ${outcomeOf(entry)}`}</title></circle>`;
      })}
      <rect class="runs-box" x=${x(spread.lowerQuartile)} y=${boxTop} width=${Math.max(1, x(spread.upperQuartile) - x(spread.lowerQuartile))} height="8"></rect>
      <rect class="runs-middle" x=${x(spread.median) - 1} y=${boxTop - 2} width="2" height="12"></rect>
    </svg>
    <p class="histogram-axis"><span>${value(spread.least)}</span><span>${value(spread.most)}</span></p>
  `;
}

function pick(of: Icon, id: string, label: string, hint: string, entry: Entry | null) {
  return quietButton(of, label, () => void (entry && openEntry(entry, 'shown')), {
    id,
    hint,
    disabled: !entry || entry.bytes === 0 || phase.value !== 'idle',
  });
}

function distribution(of: Demo, entries: readonly Entry[]) {
  const t = inLanguage(runsTexts);
  const all = figuresOf(of, entries);
  const figure = all.includes(chosen.value) ? chosen.value : timeFigure;
  const spread = spreadOf(entries.map((entry) => figureOf(entry, figure)));
  const picks = picksOf(entries, figure);
  if (!spread || !picks) return nothing;
  const value = (number: number) => textOf(figure, number);
  return html`
    <div class="runs-choice">
      <label for="runs-figure">${t.spreadOf}</label>
      <select id="runs-figure" @change=${(event: Event) => (chosen.value = (event.target as HTMLSelectElement).value)}>
        ${all.map((name) => html`<option value=${name} ?selected=${name === figure}>${labelOf(of, name)}</option>`)}
      </select>
    </div>
    ${plot(of, entries, figure, spread)}
    ${figures([
      ['runs', t.runsInSeries, count(entries.length)],
      ['good', t.came, count(entries.filter(isGood).length)],
      ['least', t.least, value(spread.least)],
      ['median', t.median, value(spread.median)],
      ['quartiles', t.quartiles, `${value(spread.lowerQuartile)} – ${value(spread.upperQuartile)}`],
      ['most', t.most, value(spread.most)],
    ])}
    <div class="runs-tools">
      ${pick('warning', 'runs-worst', t.worst, t.worstHint, picks.worst)}
      ${pick('chart', 'runs-median', t.medianRun, t.medianHint, picks.median)}
      ${pick('help', 'runs-odd', t.odd, picks.odd ? t.oddHint : t.noOdd, picks.odd)}
    </div>
    <details class="as-table">
      <summary>${t.allRuns}</summary>
      ${table(
        [{ head: '#', figure: true }, { head: labelOf(of, figure), figure: true }, { head: t.ending }, { head: t.actions }],
        entries.map((entry, place) => [
          count(place + 1),
          value(figureOf(entry, figure)),
          html`<span class=${isGood(entry) ? '' : 'runs-bad'}>${outcomeOf(entry)}</span>`,
          openButtons(entry),
        ]),
      )}
    </details>
  `;
}

/** The same run again and again, and how its figures are spread. */
export function repeatSection() {
  const t = inLanguage(runsTexts);
  const of = demo.value;
  if (!of) return nothing;
  const wanted = readCount(typed.value);
  const shownSeries = series.value?.demo === of.id ? series.value : null;
  const isBusy = () => phase.value !== 'idle' || series.value?.isOver === false;
  // What holds when it is asked for: what was drawn may be a frame old.
  const begin = () => {
    const runs = readCount(typed.value);
    if (runs === null) document.getElementById('runs-count')?.focus();
    else if (!isBusy()) void runSeries(runs);
  };
  const [least, most] = [count(seriesLimits.least), count(seriesLimits.most)];
  return html`
    <div class="runs-choice">
      <label for="runs-count">${t.count}</label>
      <input type="text" id="runs-count" inputmode="numeric" autocomplete="off" size="4" .value=${typed.value}
        aria-invalid=${wanted === null} aria-describedby="runs-count-problem"
        @input=${(event: Event) => (typed.value = (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.isComposing && begin()} />
      <button type="button" class="button" id="runs-begin" aria-disabled=${isBusy()} @click=${begin}>${t.runSeries(wanted === null ? 'N' : count(wanted))}</button>
      <span class="muted" role="status">${shownSeries ? t.progress(count(shownSeries.entries.length), count(shownSeries.wanted)) : nothing}</span>
    </div>
    <p class="runs-problem" id="runs-count-problem">${wanted === null ? t.countProblem(typed.value.slice(0, 20), least, most) : nothing}</p>
    ${historyTroubles()}
    ${
      shownSeries && shownSeries.entries.length > 0
        ? html`<p class="muted runs-note">${parametersText(of, shownSeries.parameters)}</p>${distribution(of, shownSeries.entries)}`
        : html`<div class="empty"><p>${t.noSeries}</p><p>${t.noSeriesHint}</p></div>`
    }
  `;
}
