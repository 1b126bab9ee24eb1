import { computed, effect, signal } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { localised, texts } from '../app/i18n/index.ts';
import { layout, tab } from '../app/layout.ts';
import { drawWhenChanged } from '../app/scheduler.ts';
import { openRun, phase, recorded } from '../app/state.ts';
import type { View } from '../app/view.ts';
import { below } from './panes.ts';

/** Views with this lead say what went wrong: they come before what is there to be read. */
const urgent = 1;

const element = (id: string) => document.getElementById(id)!;
const paneOf = ({ id }: View) => element(id).parentElement!.id;
const tabId = (id: string) => `tab-of-${id}`;

/** One pane for several views, a tab each, of those that have something to show; what is to be read comes first. */
export function mountTabs(views: readonly View[]): void {
  const panels = views
    .filter((view) => view.tab)
    .map((view) => ({ view, root: element(view.id), isAtHome: paneOf(view) !== 'pane-below', isToRead: paneOf(view) === 'pane-right' }))
    .sort(
      (a, b) =>
        Number(b.isToRead) - Number(a.isToRead) || (a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1),
    );

  /** While a run is on its way or under way, a view that had something to show keeps its tab: the pane must not jump. */
  const filled = signal<ReadonlySet<string>>(new Set());
  const look = () => {
    const keeps = phase.value !== 'idle' || recorded.value.loading;
    const now = panels.filter(({ view, root }) => !root.hidden || (keeps && filled.peek().has(view.id))).map(({ view }) => view.id);
    if (now.join() !== [...filled.peek()].join()) filled.value = new Set(now);
  };
  const observer = new MutationObserver(look);
  for (const { root } of panels) observer.observe(root, { attributeFilter: ['hidden'] });
  effect(look);

  const shown = computed(() => panels.filter(({ view, isAtHome }) => filled.value.has(view.id) && !(isAtHome && layout.value === 'wide')));
  const current = computed(() => {
    const ids = shown.value.map(({ view }) => view.id);
    if (tab.value !== null && ids.includes(tab.value)) return tab.value;
    const leads = shown.value
      .filter(({ view: { lead } }) => lead && (layout.value === 'wide' || (lead === urgent && openRun.value?.source === 'live')))
      .sort((a, b) => a.view.lead! - b.view.lead!);
    return leads[0]?.view.id ?? (ids.includes('notes') ? 'notes' : ids[0]);
  });

  const choose = (id: string) => {
    tab.value = id;
    below.fold(false);
  };

  const walk = (event: KeyboardEvent) => {
    const ids = shown.value.map(({ view }) => view.id);
    const place = ids.indexOf(current.value ?? '');
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(ids.at(next % ids.length)!);
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(tabId(current.value!))?.focus()));
  };

  const list = element('tabs');
  list.role = 'tablist';
  list.addEventListener('keydown', walk);
  drawWhenChanged(() => {
    list.setAttribute('aria-label', texts().panes.below);
    for (const { view, root, isAtHome } of panels) {
      const isTab = !isAtHome || layout.value !== 'wide';
      root.toggleAttribute('data-off', isTab && view.id !== current.value);
      if (isTab) {
        root.role = 'tabpanel';
        root.tabIndex = 0;
        root.setAttribute('aria-labelledby', tabId(view.id));
      } else {
        for (const name of ['role', 'tabindex', 'aria-labelledby']) root.removeAttribute(name);
      }
    }
    render(
      shown.value.map(
        ({ view: { id, tab: name } }) => html`<button
          type="button"
          role="tab"
          id=${tabId(id)}
          aria-controls=${id}
          aria-selected=${id === current.value}
          tabindex=${id === current.value ? 0 : -1}
          @click=${() => choose(id)}
        >${localised(name)}</button>`,
      ),
      list,
    );
  });
}
