import { html, nothing } from 'lit-html';
import { formatBytes } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import type { ProcessHistory } from '../../folds/processes.ts';
import { laneName, markClass, processName } from '../kit/threads.ts';
import { isNormalEnd } from '../kit/exit.ts';
import { timelineTexts } from './texts.ts';

/**
 * The head of a process beside its row: a button that folds its threads into this one row or shows them again. What
 * there is room for above the threads stands in the row itself.
 */
export function processHead(moment: Moment, process: ProcessHistory, isFolded: boolean, top: number, fold: (isFolded: boolean) => void) {
  const t = inLanguage(timelineTexts);
  const name = processName(moment, process.number);
  const hasEnded = !Number.isNaN(process.end);
  const exit = hasEnded ? String(process.exitCode) : '';
  const notes = [
    t.pid(String(process.number)),
    ...(process.parent > 0 ? [t.parent(String(process.parent))] : []),
    ...(process.daemon ? [t.daemon] : []),
    ...(hasEnded ? [t.exitCode(exit)] : []),
    ...(process.memoryUsed > 0 ? [formatBytes(process.memoryUsed, language.value)] : []),
  ].join(' · ');
  const isAlive = !hasEnded && moment.ending === null;
  return html`<li class=${`process-head${isAlive ? ' alive' : ''}`} .style=${`top:${top}px`}>
    <button type="button" aria-expanded=${!isFolded} title=${`${name} · ${notes}`} @click=${() => fold(!isFolded)}>
      <span class=${markClass(process.number, 1)}></span>${laneName(name, 6)}
      ${hasEnded ? html`<span class=${isNormalEnd(process.exitCode) ? 'exit' : 'exit exit-bad'}>${exit}</span>` : nothing}
    </button>
    ${isFolded ? nothing : html`<span class="row-note">${notes}</span>`}
  </li>`;
}
