import { html, nothing } from 'lit-html';

export interface Column {
  head: string;
  /** Figures stand right-aligned. */
  figure?: boolean;
  hint?: string;
}

/** A table that scrolls sideways where it is wider than its place. The first cell of a row names the row. */
export function table(columns: Column[], rows: unknown[][], caption: unknown = nothing) {
  const align = (place: number) => (columns[place]!.figure ? 'figure' : '');
  return html`<div class="table-scroll" tabindex="0">
    <table>
      ${caption === nothing ? nothing : html`<caption>${caption}</caption>`}
      <thead>
        <tr>${columns.map(({ head, hint }, place) => html`<th scope="col" class=${align(place)} title=${hint ?? nothing}>${head}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            ${row.map((cell, place) => (place === 0 ? html`<th scope="row" class=${align(0)}>${cell}</th>` : html`<td class=${align(place)}>${cell}</td>`))}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
