import { html, nothing, render } from 'lit-html';
import { formatNumber } from '../../app/format.ts';
import { inLanguage, language, localised } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, moveFocus, slowFrame } from '../../app/state.ts';
import type { Choice, Demo } from '../../app/catalogue.ts';
import { Rows } from '../../folds/rows.ts';
import { meter } from '../kit/figures.ts';
import { table } from '../kit/table.ts';
import { isNumeric, shareOf } from './cells.ts';
import { tablesTexts } from './texts.ts';

/** Most columns with bars; the last ones have them, as outcomes stand there. */
const mostBars = 2;
/** As many columns as there is room for beside the console, one less for each that has bars. */
const mostColumns = 6;

function textOf(cell: string, values: readonly Choice[] | undefined): string {
  return localised(values?.find(({ value }) => value === cell)?.label) || cell;
}

function tableOf(shown: Demo, name: string, rows: string[][], show: (row: number) => void) {
  const declared = shown.tables?.find((each) => each.name === name);
  const columnCount = Math.max(declared?.columns.length ?? 0, ...rows.map((row) => row.length));
  const columns = Array.from({ length: columnCount }, (_, place) => {
    const column = declared?.columns[place];
    const cells = rows.map((row) => textOf(row[place] ?? '', column?.values));
    const unit = localised(column?.unit);
    return {
      head: column ? `${localised(column.label)}${unit ? ` (${unit})` : ''}` : String(place + 1),
      cells,
      figure: isNumeric(cells),
      numbers: cells.map(Number),
    };
  });
  const compared = columns
    .slice(1)
    .filter(({ figure, numbers }) => figure && numbers.some(Boolean))
    .reverse();
  const withBars = new Set(compared.slice(0, Math.min(mostBars, Math.max(0, mostColumns - columns.length))));
  return html`
    <div data-table=${name}>
      <h3>${declared ? localised(declared.label) : name}</h3>
      ${table(
        columns,
        rows.map((_, row) =>
          columns.map((column) => {
            const cell = column.cells[row]!;
            if (!column.figure) return cell;
            const share = withBars.has(column) ? shareOf(Number(cell), column.numbers) : null;
            return html`${share === null ? nothing : meter(share)}${formatNumber(Number(cell), language.value)}`;
          }),
        ),
        nothing,
        (row) => () => show(row),
      )}
    </div>
  `;
}

/** The tables that the demo fills. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const current = moment();
    const all = current ? current.fold(Rows).tables : [];
    root.hidden = all.length === 0;
    render(
      current && all.length > 0
        ? html`<section class="panel tables" aria-labelledby="tables-title">
            <div class="panel-head"><h2 id="tables-title">${inLanguage(tablesTexts).title}</h2></div>
            ${all.map(({ name, rows, records }) =>
              tableOf(current.demo, name, rows.slice(0), (row) => moveFocus({ index: records.at(row)! + 1 })),
            )}
          </section>`
        : nothing,
      root,
    );
  });
}
