import { effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { localised, texts } from '../../app/i18n/index.ts';
import { part } from '../../app/part.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo } from '../../app/state.ts';
import { withSeldomStyle } from '../../app/styles.ts';
import { icon } from '../kit/icons.ts';

const unfolded = signal(false);
const loadList = () => withSeldomStyle(import('./list.ts'));
const listPart = part(loadList);

/** Unfolds the list and focuses its filter. */
export function findDemo(): void {
  // The browser may be about to tell that the reader has just folded it.
  document.querySelector<HTMLDetailsElement>('#demos > details')!.open = true;
  unfolded.value = true;
  // A field in what is folded takes no focus: it is unfolded with the next frame.
  void loadList().then(({ filterField }) => requestAnimationFrame(() => requestAnimationFrame(() => filterField()?.focus())));
}

/** The demo's title, behind which the list of all demos is folded. */
export function mount(root: HTMLElement): void {
  const fold = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !unfolded.value) return false;
    unfolded.value = false;
    root.querySelector('summary')?.focus();
    return true;
  };
  root.addEventListener('keydown', (event) => {
    if (!(unfolded.value && listPart()?.walk(event, root)) && !fold(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!root.contains(event.target as Node)) unfolded.value = false;
  });
  root.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('a')) unfolded.value = false; // also the one that is shown already
  });
  root.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !root.contains(relatedTarget as Node)) unfolded.value = false;
  });
  drawWhenChanged(() => {
    const t = texts();
    const title = localised(demo.value?.title);
    document.title = title ? `${title} · ${t.name}` : t.name;
    render(
      html`<details .open=${unfolded.value} @toggle=${(event: Event) => (unfolded.value = (event.target as HTMLDetailsElement).open)}>
        <summary>${icon('menu')}<span class="visually-hidden">${t.demos}</span><h1 id="title">${title}</h1></summary>
        <div class="demo-list">${unfolded.value ? listPart()?.demoList() : nothing}</div>
      </details>`,
      root,
    );
    root.setAttribute('aria-label', t.demos);
  });
  effect(() => {
    void demo.value;
    unfolded.value = false;
  });
  effect(() => {
    const list = unfolded.value ? listPart() : null;
    if (!list) return;
    list.query.value = '';
    requestAnimationFrame(() => requestAnimationFrame(() => list.showCurrent(root)));
  });
}
