import { html, nothing } from 'lit-html';
import { inLanguage, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import type { UncaughtError } from '../../folds/summary.ts';
import { markClass, threadName } from '../kit/threads.ts';
import { resultsTexts } from './texts.ts';

/** Exceptions that nobody caught, and the browser's report of a crash, for the demo's authors. */
export function failures(current: Moment, uncaught: readonly UncaughtError[]) {
  const { ending } = current;
  return html`${uncaught.length > 0 ? errors(current, uncaught) : nothing}${
    ending?.kind === 'crashed' && ending.text
      ? html`<div class="uncaught"><h3>${texts().isolation.details}</h3><pre class="crash-text">${ending.text}</pre></div>`
      : nothing
  }`;
}

function errors(current: Moment, uncaught: readonly UncaughtError[]) {
  const t = inLanguage(resultsTexts);
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
