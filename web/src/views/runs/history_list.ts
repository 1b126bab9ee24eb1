import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import type { Demo } from '../../app/catalogue.ts';
import { formatBytes, formatDuration, formatInteger } from '../../app/format.ts';
import {
  baselineEntry,
  bytesOf,
  deleteEntries,
  entries,
  failure,
  historyLimits,
  isLasting,
  openEntry,
  problem,
  shownEntry,
} from '../../app/history.ts';
import type { Entry } from '../../app/history.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { demo, phase } from '../../app/state.ts';
import { say } from '../kit/announce.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { icon } from '../kit/icons.ts';
import { table } from '../kit/table.ts';
import { focusSoon } from './focus.ts';
import { parametersText, whenOf } from './labels.ts';
import { isGood } from './spread.ts';
import { runsTexts } from './texts.ts';

const count = (value: number) => formatInteger(value, language.value);

/** Runs whose deletion is to be confirmed. */
const toDelete = signal<readonly number[]>([]);

/** What A and B are, and buttons that make them so. */
export function openButtons(entry: Entry) {
  const t = inLanguage(runsTexts);
  const when = whenOf(entry.date);
  const [isA, isB] = [baselineEntry()?.id === entry.id, shownEntry()?.id === entry.id];
  const isOff = phase.value !== 'idle' || entry.bytes === 0;
  const button = (label: string, name: string, isIt: boolean, as: 'shown' | 'baseline') => html`<button
    type="button"
    class="button quiet small"
    aria-label=${name}
    title=${entry.bytes === 0 ? t.noTrace : name}
    aria-pressed=${isIt}
    ?disabled=${isOff}
    @click=${() => void openEntry(entry, as)}
  >${label}</button>`;
  return html`<span class="runs-actions">
    ${button(t.asBaseline, t.asBaselineOf(when), isA, 'baseline')}${button(t.show, t.showOf(when), isB, 'shown')}
  </span>`;
}

export function outcomeOf({ ending, length }: Entry): string {
  const { outcomes } = inLanguage(runsTexts);
  return `${outcomes[ending?.kind ?? 'none'] ?? outcomes.none!} · ${formatDuration(length, language.value)}`;
}

/** What went wrong with opening and keeping. */
export function historyTroubles() {
  const t = inLanguage(runsTexts);
  const lines = [
    !isLasting.value && t.fleeting,
    failure.value !== null && t.notKept(failure.value),
    problem.value !== null && (problem.value === '' ? t.gone : t.notDone(problem.value)),
  ];
  return lines.map((line) => (line ? html`<p class="runs-trouble" role="status">${icon('warning')}<span>${line}</span></p>` : nothing));
}

async function deleteRuns(ids: readonly number[]): Promise<void> {
  await deleteEntries(ids);
  toDelete.value = [];
  say(inLanguage(runsTexts).deleted(count(ids.length)));
  focusSoon('runs-history');
}

function deletion(own: readonly Entry[], all: readonly Entry[]) {
  const t = inLanguage(runsTexts);
  const ask = (list: readonly Entry[]) => () => {
    toDelete.value = list.map(({ id }) => id);
    focusSoon('runs-keep');
  };
  const keep = () => {
    toDelete.value = [];
    focusSoon('runs-delete-all');
  };
  if (toDelete.value.length > 0) {
    return html`${quietButton('warning', t.confirm(count(toDelete.value.length)), () => void deleteRuns(toDelete.value), { id: 'runs-confirm' })}
    ${quietButton('close', t.keepThem, keep, { id: 'runs-keep' })}`;
  }
  return html`${quietButton('close', t.deleteHere, ask(own), { id: 'runs-delete-here', disabled: own.length === 0 })}
  ${quietButton('close', t.deleteAll, ask(all), { id: 'runs-delete-all', disabled: all.length === 0 })}`;
}

function list(of: Demo, own: readonly Entry[]) {
  const t = inLanguage(runsTexts);
  return table(
    [{ head: t.when }, { head: t.actions }, { head: t.ending }, { head: t.parameters }],
    own
      .toReversed()
      .map((entry) => [
        whenOf(entry.date),
        html`${openButtons(entry)}${iconButton('close', t.deleteOf(whenOf(entry.date)), () => void deleteRuns([entry.id]))}`,
        html`<span class=${isGood(entry) ? '' : 'runs-bad'}>${outcomeOf(entry)}</span>`,
        html`<span class="runs-parameters">${parametersText(of, entry.parameters)}</span>`,
      ]),
  );
}

/** Runs of the demo that were made here before, the latest first. */
export function historySection() {
  const t = inLanguage(runsTexts);
  const of = demo.value;
  const all = entries();
  if (!all || !of) return html`<div class="empty"><p>${t.reading}</p></div>`;
  const own = all.filter((entry) => entry.demo === of.id);
  return html`
    ${historyTroubles()}
    ${own.length === 0 ? html`<div class="empty"><p>${t.noHistory}</p><p>${t.noHistoryHint}</p></div>` : list(of, own)}
    <div class="runs-amount">
      <p class="muted">${t.amount(count(own.length), count(all.length), formatBytes(bytesOf(all), language.value), formatBytes(historyLimits.bytes, language.value))}</p>
      ${deletion(own, all)}
    </div>
  `;
}
