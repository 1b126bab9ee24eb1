import { html } from 'lit-html';

/** Lines on a square of 16 units; the style sheet strokes them. */
const shapes = {
  play: 'M5 3v10l8-5z',
  stop: 'M4 4h8v8H4z',
  reset: 'M3 8a5 5 0 1 0 2-4M3 2v3.5h3.5',
  link: 'M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3A2.6 2.6 0 0 0 9 3.3l-1 1M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l1-1',
  embed: 'M6 4 2 8l4 4M10 4l4 4-4 4',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  fit: 'M2.5 4v8M13.5 4v8M5 8h6M6.6 6.2 4.8 8l1.8 1.8M9.4 6.2 11.2 8 9.4 9.8',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9',
  chart: 'M2.5 4.5h6M6 8h7.5M3.5 11.5h5',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3 3L12.8 4.5',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z',
  auto: 'M8 2.4a5.6 5.6 0 0 0 0 11.2 5.6 5.6 0 0 0 0-11.2v11.2M10.5 3.5v9',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.8-1.1 1.6M8 12.6v.1',
  save: 'M8 2.5v7M5 7l3 3 3-3M2.8 11v2.2h10.4V11',
  open: 'M2.5 12.5v-9h4l1.3 1.7h5.7v7.3z',
  warning: 'M8 2.2 14.3 13H1.7zM8 6.4v3.2M8 11.3v.1',
  sliders: 'M2 5h6M12 5h2M2 11h2M8 11h6M10 3v4M6 9v4',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  pin: 'M5.5 2.5h5M6.5 2.5v4L4.5 9h7l-2-2.5v-4M8 9v4.5',
  down: 'm4 6 4 4 4-4',
  end: 'M8 3v7M5 7.5l3 3 3-3M3.5 13h9',
};

export type Icon = keyof typeof shapes;

/** A picture beside a text: what it says is said by the text or by the button's label. */
export function icon(name: Icon) {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=${shapes[name]} /></svg>`;
}
