import { html } from 'lit-html';
import { formatDuration, formatPercent } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import type { Span } from '../../app/state.ts';
import type { Lane } from '../../folds/lanes.ts';
import { isCrowded } from '../kit/cores.ts';
import { categories } from '../kit/palette.ts';
import type { Category } from '../kit/palette.ts';
import { table } from '../kit/table.ts';
import { threadLabel } from '../kit/threads.ts';
import { totalsOf } from '../kit/totals.ts';
import { timelineTexts } from './texts.ts';

export { rangeDetails } from './range_details.ts';

/** The timeline as a table: the time of each thread in each state. */
export function totalsTable(moment: Moment, lanes: readonly Lane[], span: Span, ranged: boolean) {
  const t = texts();
  const own = inLanguage(timelineTexts);
  const totals = lanes.map((lane) => totalsOf(lane, span.start, span.end, moment.now));
  const used = categories.filter((category) => totals.some(({ byCategory }) => byCategory.get(category)! > 0));
  const share = (time: number, alive: number) =>
    time > 0 ? html`${formatDuration(time, language.value)} <small>${formatPercent(time / alive, language.value)}</small>` : '–';
  const headOf = (category: Category) => t.states[category === 'running' && isCrowded(moment) ? 'runningOrReady' : category];
  return table(
    [{ head: own.thread }, { head: own.lifetime, figure: true }, ...used.map((category) => ({ head: headOf(category), figure: true }))],
    lanes.map((lane, place) => {
      const { alive, byCategory } = totals[place]!;
      return [
        threadLabel(moment, lane.process, lane.thread),
        formatDuration(alive, language.value),
        ...used.map((category) => share(byCategory.get(category)!, alive)),
      ];
    }),
    ranged ? `${own.tableCaption} (${own.tableRange})` : own.tableCaption,
  );
}
