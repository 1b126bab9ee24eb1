import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { byTopic, listed } from '../../app/catalogue.ts';
import { inLanguage, localised } from '../../app/i18n/index.ts';
import { addressOf, catalogue, demo } from '../../app/state.ts';
import { matchingDemos } from './matching.ts';
import { demosTexts } from './texts.ts';

/*
 * The list of demos: loaded when it is first unfolded.
 */

export const query = signal('');
/** Topics whose demos the reader has folded away. */
const folded = signal<ReadonlySet<string>>(new Set());

export const filterField = () => document.getElementById('find-demo') as HTMLInputElement | null;

/** Arrow keys walk through the filter and what is in sight below it; Enter in the filter follows the first demo. */
export function walk(event: KeyboardEvent, root: HTMLElement): boolean {
  // What is looked for are demos.
  const below = [...root.querySelectorAll<HTMLElement>(query.value ? 'a' : '.demo-list :is(a, summary)')].filter((each) =>
    each.checkVisibility(),
  );
  const stops = [filterField()!, ...below];
  const place = stops.indexOf(event.target as HTMLInputElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && place >= 0) stops[Math.min(stops.length - 1, Math.max(0, place + step))]!.focus();
  else if (event.key === 'Enter' && place === 0) root.querySelector('a')?.click();
  else if (event.key === 'Escape' && query.value !== '') query.value = '';
  else return false;
  return true;
}

function foldTopic(topic: string, isOpen: boolean): void {
  const next = new Set(folded.value);
  if (isOpen) next.delete(topic);
  else next.add(topic);
  if (next.size !== folded.value.size) folded.value = next;
}

/** All demos by topic; each entry is a link, so that the browser's back and forward do what they say. */
export function demoList() {
  const t = inLanguage(demosTexts);
  const topicName = (topic: string) => t.topics[topic] ?? topic;
  const found = matchingDemos(listed(catalogue.value?.demos ?? []), query.value, topicName);
  return html`
    <input class="filter" type="search" id="find-demo" placeholder=${t.findDemo} aria-label=${t.findDemo} aria-keyshortcuts="/" autocomplete="off"
      spellcheck="false" .value=${query.value} @input=${(event: InputEvent) => (query.value = (event.target as HTMLInputElement).value)} />
    ${found.length === 0 ? html`<p class="muted">${t.noDemo}</p>` : nothing}
    ${byTopic(found).map(
      ([topic, demos]) => html`
        <details class="topic" .open=${query.value !== '' || !folded.value.has(topic)}
          @toggle=${(event: Event) => query.value === '' && foldTopic(topic, (event.target as HTMLDetailsElement).open)}>
          <summary>${topicName(topic)} <span class="count">${demos.length}</span></summary>
          <ul>
            ${demos.map(
              (each) => html`<li>
                <a href=${addressOf(each)} data-demo=${each.id} aria-current=${each === demo.value ? 'page' : 'false'}>
                  ${localised(each.title)}
                </a>
              </li>`,
            )}
          </ul>
        </details>
      `,
    )}
  `;
}

/** Scrolls the list, and nothing but the list, until the current demo is visible. */
export function showCurrent(root: HTMLElement): void {
  const link = root.querySelector('a[aria-current="page"]');
  if (!link?.checkVisibility()) return;
  const list = root.querySelector('.demo-list')!;
  const [box, around] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < around.top || box.bottom > around.bottom) list.scrollTop += (box.top + box.bottom - around.top - around.bottom) / 2;
}
