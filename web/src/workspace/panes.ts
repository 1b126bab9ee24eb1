import { effect, signal } from '@preact/signals-core';
import { texts } from '../app/i18n/index.ts';
import { layout, panes } from '../app/layout.ts';
import type { Layout } from '../app/layout.ts';
import { readPreference, writePreference } from '../app/preferences.ts';

/** Changes with the size of the window. */
const resized = signal(0);

/*
 * Panes that are resized and folded with the bars between them, as ARIA's window splitter has it. Sizes are CSS pixels.
 */

export class Pane {
  readonly name: 'left' | 'right' | 'below';
  readonly least: number;
  readonly #share: number;
  readonly size = signal(0);
  readonly isFolded = signal(false);

  /** It takes no more of the window than the share. */
  constructor(name: Pane['name'], usual: number, least: number, share: number) {
    this.name = name;
    this.least = least;
    this.#share = share;
    const [size, folded] = (readPreference(`pane.${name}`) ?? '').split(' ');
    this.size.value = Number(size) || usual;
    this.isFolded.value = folded === 'folded';
  }

  get isUpright(): boolean {
    return this.name !== 'below';
  }

  get most(): number {
    return Math.round((this.isUpright ? innerWidth : innerHeight) * this.#share);
  }

  fold(isFolded: boolean): void {
    this.isFolded.value = isFolded;
    this.keep();
  }

  keep(): void {
    writePreference(`pane.${this.name}`, `${this.size.value}${this.isFolded.value ? ' folded' : ''}`);
  }

  mount(): void {
    const { name } = this;
    const bar = document.getElementById(`split-${name}`)!;
    const pane = document.getElementById(`pane-${name}`)!;
    bar.role = 'separator';
    bar.tabIndex = 0;
    const set = (attribute: string, value: unknown) => bar.setAttribute(`aria-${attribute}`, String(value));
    effect(() => {
      void resized.value;
      const { panes: t } = texts();
      const isFolded = this.isFolded.value;
      const size = Math.max(this.least, Math.min(this.most, this.size.value));
      // Its tabs stay.
      const folded = name === 'below' && layout.value === 'wide' ? 40 : 0;
      bar.title = isFolded ? t.unfold : t.resize;
      set('label', t[name]);
      set('controls', pane.id);
      set('orientation', this.isUpright ? 'vertical' : 'horizontal');
      set('valuemin', 0);
      set('valuemax', this.most);
      set('valuenow', isFolded ? 0 : size);
      bar.toggleAttribute('data-folded', isFolded);
      pane.toggleAttribute('data-folded', isFolded);
      document.documentElement.style.setProperty(`--${name}`, `${isFolded ? folded : this.size.value}px`);
    });
    const first = ['pointerenter', 'focus'];
    const begin = () => {
      for (const type of first) bar.removeEventListener(type, begin);
      void import('./splitter.ts').then(({ listen }) => listen(this, bar));
    };
    for (const type of first) bar.addEventListener(type, begin);
  }
}

export const below = new Pane('below', 236, 90, 0.6);

const widths: [Layout, string][] = [
  ['wide', '(min-width: 1200px)'],
  ['medium', '(min-width: 720px)'],
];

export function mountPanes(): void {
  const queries = widths.map(([name, query]) => ({ name, query: matchMedia(query) }));
  const look = () => (layout.value = queries.find(({ query }) => query.matches)?.name ?? 'narrow');
  for (const { query } of queries) query.addEventListener('change', look);
  look();
  addEventListener('resize', () => (resized.value += 1));
  for (const pane of [new Pane('left', 250, 200, 0.35), below, new Pane('right', 380, 260, 0.5)]) {
    panes.push(pane);
    pane.mount();
  }
}
