import { html } from 'lit-html';

/** Figures on cards, small: name, label and text of each. */
export function figures(cards: readonly (readonly [name: string, label: string, value: unknown])[]) {
  return html`<dl class="figures compact">
    ${cards.map(([name, label, value]) => html`<div class="figure-card" data-figure=${name}><dt>${label}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** A share of 1 as a bar; the figure stands beside it. */
export function meter(share: number) {
  return html`<svg class="meter" aria-hidden="true"><rect width=${`${Math.round(share * 1000) / 10}%`} height="100%"></rect></svg>`;
}
