import { html, nothing } from 'lit-html';

export interface Column {
  head: string;
  /** Figures stand right-aligned. */
  figure?: boolean;
  hint?: string;
}

/**
 * A table that scrolls sideways where it is wider than its place. The first cell of a row names the row, and leads to what it is
 * about if `pick` has anything for it.
 */
export function table(columns: Column[], rows: unknown[][], caption: unknown = nothing, pick?: (row: number) => (() => void) | null) {
  const align = (place: number) => (columns[place]!.figure ? 'figure' : '');
  return html`<div class="table-scroll" tabindex="0">
    <table>
      ${caption === nothing ? nothing : html`<caption>${caption}</caption>`}
      <thead>
        <tr>${columns.map(({ head, hint }, place) => html`<th scope="col" class=${align(place)} title=${hint ?? nothing}>${head}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((row, index) => {
          const act = pick?.(index) ?? null;
          const head = (cell: unknown) => (act ? html`<button type="button" class="row-head">${cell}</button>` : cell);
          return html`<tr class=${act ? 'leads' : ''} @click=${act}>
            ${row.map((cell, place) => (place === 0 ? html`<th scope="row" class=${align(0)}>${head(cell)}</th>` : html`<td class=${align(place)}>${cell}</td>`))}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
