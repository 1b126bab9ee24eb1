import { html, nothing } from 'lit-html';
import type { Demo } from '../../app/catalogue.ts';
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../../app/format.ts';
import { inLanguage, language, localised, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { figure, statementOf } from '../kit/statement.ts';
import { table } from '../kit/table.ts';
import { follows } from './differences.ts';
import type { Differences, Pair } from './differences.ts';
import { runsTexts } from './texts.ts';

/** Objects that are named: those whose waits differ most. */
const mostWaits = 6;

const time = (value: number) => formatDuration(value, language.value);
const number = (value: number) => formatNumber(value, language.value);
const count = (value: number) => formatInteger(value, language.value);

/** B − A, and what share of A that is. */
function difference({ a, b }: Pair<number>, text: (value: number) => string) {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return '–';
  if (a === b) return html`<span class="muted">0</span>`;
  const sign = b > a ? '+' : '−';
  const share = a > 0 ? ` (${sign}${formatPercent(Math.abs(b - a) / a, language.value)})` : '';
  return html`${sign}${text(Math.abs(b - a))}<span class="muted">${share}</span>`;
}

const row = (name: unknown, pair: Pair<number>, text: (value: number) => string) => [
  name,
  text(pair.a),
  text(pair.b),
  difference(pair, text),
];

function resultRow(demo: Demo, { name, a, b }: Differences['results'][number]) {
  const declared = demo.results.find((result) => result.name === name);
  const unit = localised(declared?.unit);
  const cell = (value: string | undefined) => (value === undefined ? '–' : figure(value));
  const asNumber = (value: string | undefined) => (value === undefined || value.trim() === '' ? NaN : Number(value));
  const pair = { a: asNumber(a), b: asNumber(b) };
  return [
    html`${declared ? localised(declared.label) : name}${unit ? html` <span class="muted">${unit}</span>` : nothing}`,
    cell(a),
    cell(b),
    Number.isFinite(pair.a) && Number.isFinite(pair.b) ? difference(pair, number) : a === b ? html`<span class="muted">0</span>` : '≠',
  ];
}

/** Checks that hold in one of the runs only. */
function checkRows(b: Moment, { checks }: Differences) {
  const t = texts().results;
  const cell = (holds: boolean | undefined) => (holds === undefined ? '–' : holds ? t.holds : t.fails);
  return checks.filter((check) => check.a !== check.b).map(({ name, a, b: inB }) => [statementOf(b, name), cell(a), cell(inB), '≠']);
}

function waitRows({ waits }: Differences) {
  const t = inLanguage(runsTexts);
  return waits
    .filter(({ name, category }) => name !== '' && !follows.has(category))
    .slice(0, mostWaits)
    .map((wait) => {
      const cell = (value: number, times: number) => html`${time(value)} <span class="muted">${t.times(count(times))}</span>`;
      return [
        html`<span class="runs-part">${texts().states[wait.category]}: ${wait.name}</span>`,
        cell(wait.a, wait.times.a),
        cell(wait.b, wait.times.b),
        difference(wait, time),
      ];
    });
}

/** Figures of both runs beside each other. */
export function differenceTable(b: Moment, differences: Differences) {
  const t = inLanguage(runsTexts);
  const { alive } = differences;
  const share = (value: number, of: number) =>
    of > 0 ? html`${time(value)} <span class="muted">${formatPercent(value / of, language.value)}</span>` : time(value);
  return table(
    [{ head: t.figure }, { head: 'A', figure: true }, { head: 'B', figure: true }, { head: 'B − A', figure: true }],
    [
      row(t.time, differences.length, time),
      ...differences.results.map((result) => resultRow(b.demo, result)),
      ...checkRows(b, differences),
      row(t.threads, differences.threads, count),
      row(t.mostRunning, differences.mostRunning, count),
      ...differences.states.map((state) => [
        html`<span title=${t.ofThreads}>${texts().states[state.category]}</span>`,
        share(state.a, alive.a),
        share(state.b, alive.b),
        difference(state, time),
      ]),
      ...waitRows(differences),
    ],
    t.caption,
  );
}
