import { html, nothing, render } from 'lit-html';
import { formatDuration, formatInteger, formatPercent } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, slowFrame } from '../../app/state.ts';
import { Gils, heldBy, longestWaitOf, waitedBy } from '../../folds/gil.ts';
import { figures, meter } from '../kit/figures.ts';
import { table } from '../kit/table.ts';
import { threadLabel } from '../kit/threads.ts';
import { gilLength, gilName, offerGil, shownGil } from './lane.ts';
import { gilTexts } from './texts.ts';

const count = (value: number) => formatInteger(value, language.value);
const time = (value: number) => formatDuration(value, language.value);

/** Figures and a table of the GIL's holders. */
export function mount(root: HTMLElement): void {
  offerGil();
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(gilTexts);
    const current = moment();
    const gil = shownGil(current);
    root.hidden = !gil;
    if (!gil || !current) {
      render(nothing, root);
      return;
    }
    const { now } = current;
    const users = current.fold(Gils).usersOf(gil);
    const length = gilLength(gil, now);
    const longest = Math.max(0, ...users.map((user) => longestWaitOf(user, now)));
    const sorted = users.sort((a, b) => a.thread - b.thread);
    render(
      html`
        <section class="panel gil" aria-labelledby="gil-title">
          <div class="panel-head"><h2 id="gil-title">${gilName(current, gil)}</h2></div>
          ${figures([
            ['interval', t.interval, time(gil.interval)],
            ['handovers', t.handovers, count(gil.handovers)],
            ['requests', t.requests, count(gil.requests.count)],
            ['longest-wait', t.longest, time(longest)],
          ])}
          ${table(
            [
              { head: t.thread },
              { head: t.share, hint: t.shareHint },
              { head: t.had, figure: true },
              { head: t.times, figure: true },
              { head: t.waited, figure: true },
              { head: t.longest, figure: true },
            ],
            sorted.map((user) => {
              const share = length > 0 ? Math.min(1, heldBy(user, now) / length) : 0;
              return [
                threadLabel(current, user.process, user.thread),
                html`${meter(share)}${formatPercent(share, language.value)}`,
                time(heldBy(user, now)),
                count(user.times),
                time(waitedBy(user, now)),
                time(longestWaitOf(user, now)),
              ];
            }),
            t.caption,
          )}
        </section>
      `,
      root,
    );
  });
}
