import { html, nothing } from 'lit-html';
import { baselineMoment, dropBaseline, isPinned, pinBaseline, shownEnd, swapRuns } from '../../app/compare.ts';
import { inLanguage } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { phase } from '../../app/state.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { differenceTable } from './difference_table.ts';
import { differencesOf } from './differences.ts';
import type { Differences } from './differences.ts';
import { focusSoon } from './focus.ts';
import { runLabel } from './labels.ts';
import { runsTexts } from './texts.ts';
import { isInPicture } from './tracks.ts';
import { sentencesOf } from './words.ts';

/** Computed once for two runs that have ended: it reads every span of both. */
let computed: { a: Moment; b: Moment; differences: Differences } | null = null;

function differencesBetween(a: Moment, b: Moment): Differences {
  if (computed?.a !== a || computed.b !== b) computed = { a, b, differences: differencesOf(a, b) };
  return computed.differences;
}

const run = (letter: 'A' | 'B', label: string, tools: unknown) =>
  html`<li data-run=${letter}><span class="runs-letter">${letter}</span><span class="runs-label" title=${label}>${label}</span>${tools}</li>`;

function drop(): void {
  dropBaseline();
  focusSoon('runs-compare');
}

function empty(text: string, hint: string, more: unknown = nothing) {
  return html`<div class="empty"><p>${text}</p><p>${hint}</p>${more}</div>`;
}

function differences(a: Moment, b: Moment) {
  const t = inLanguage(runsTexts);
  if (b.ending === null || phase.value !== 'idle') return html`<p class="runs-sentence" data-pending>${t.pending}</p>`;
  const found = differencesBetween(a, b);
  return html`<p class="runs-sentence">${sentencesOf(a, b, found).join(' ')}</p>
    ${differenceTable(b, found)}`;
}

export function compareSection(chooseFromHistory: () => void) {
  const t = inLanguage(runsTexts);
  const b = shownEnd();
  const a = baselineMoment();
  const leave = () => {
    chooseFromHistory();
    focusSoon('runs-history');
  };
  const toHistory = quietButton('table', t.sections.history, leave, { id: 'runs-to-history' });
  if (!b) return empty(t.noRun, t.noRunHint);
  if (!a) return empty(t.noBaseline, t.noBaselineHint, toHistory);
  return html`
    <div class="runs-pair">
      <ul>
        ${run(
          'A',
          runLabel(a),
          html`${iconButton('pin', t.pin, () => pinBaseline(!isPinned.value), { id: 'runs-pin', pressed: isPinned.value, hint: t.pinHint })}
          ${iconButton('close', t.drop, drop, { id: 'runs-drop' })}`,
        )}
        ${run('B', runLabel(b), nothing)}
      </ul>
      <div class="runs-tools">
        ${quietButton('reset', t.swap, swapRuns, { id: 'runs-swap', disabled: phase.value !== 'idle' })}
        ${quietButton('chart', t.inPicture, () => (isInPicture.value = !isInPicture.value), { id: 'runs-in-picture', pressed: isInPicture.value })}
      </div>
    </div>
    ${differences(a, b)}
  `;
}
