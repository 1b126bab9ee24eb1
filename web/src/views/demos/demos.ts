import { effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { byTopic, listed } from '../../app/catalogue.ts';
import { language, localised, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { addressOf, catalogue, demo } from '../../app/state.ts';
import { matchingDemos } from './matching.ts';

const query = signal('');
/** Where there is no room for a column beside the page, the list is folded behind the name of the current demo. */
const narrow = matchMedia('(max-width: 899px)');
const unfolded = signal(!narrow.matches);

const filterField = () => document.getElementById('find-demo') as HTMLInputElement;

/** Focuses the list's filter. */
export function findDemo(): void {
  unfolded.value = true;
  // A field in what is folded takes no focus: it is unfolded with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(() => filterField().focus()));
}

/** Arrow keys walk through the filter and the links below it; Enter in the filter follows the first. */
function walk(event: KeyboardEvent, root: HTMLElement): void {
  const stops = [filterField(), ...root.querySelectorAll<HTMLElement>('a')];
  const place = stops.indexOf(event.target as HTMLInputElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && place >= 0) {
    stops[Math.min(stops.length - 1, Math.max(0, place + step))]!.focus();
  } else if (event.key === 'Enter' && place === 0) {
    stops[1]?.click();
  } else if (event.key === 'Escape' && (query.value !== '' || (narrow.matches && unfolded.value))) {
    query.value = '';
    if (narrow.matches) fold(root);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function fold(root: HTMLElement): void {
  unfolded.value = false;
  root.querySelector('summary')?.focus();
}

/** The list of demos by topic; each entry is a link, so that the browser's back and forward do what they say. */
export function mount(root: HTMLElement): void {
  narrow.addEventListener('change', () => (unfolded.value = !narrow.matches));
  root.addEventListener('keydown', (event) => walk(event, root));
  drawWhenChanged(() => {
    const t = texts();
    const topicName = (topic: string) => t.topics[topic] ?? topic;
    const found = matchingDemos(listed(catalogue.value?.demos ?? []), query.value, topicName);
    render(
      html`
        <h2 class="visually-hidden">${t.demos}</h2>
        <details .open=${unfolded.value} @toggle=${(event: Event) => (unfolded.value = (event.target as HTMLDetailsElement).open)}>
          <summary>${t.demos}<strong>${localised(demo.value?.title)}</strong></summary>
          <div class="demo-list">
            <input class="filter" type="search" id="find-demo" placeholder=${t.findDemo} aria-label=${t.findDemo} aria-keyshortcuts="/" autocomplete="off"
              spellcheck="false" .value=${query.value} @input=${(event: InputEvent) => (query.value = (event.target as HTMLInputElement).value)} />
            ${found.length === 0 ? html`<p class="muted">${t.noDemo}</p>` : nothing}
            ${byTopic(found).map(
              ([topic, demos]) => html`
                <div class="topic">
                  <h3>${topicName(topic)}</h3>
                  <ul>
                    ${demos.map(
                      (each) => html`<li>
                        <a href=${addressOf(each)} data-demo=${each.id} aria-current=${each === demo.value ? 'page' : 'false'}>
                          ${localised(each.title)}
                        </a>
                      </li>`,
                    )}
                  </ul>
                </div>
              `,
            )}
          </div>
        </details>
      `,
      root,
    );
    root.setAttribute('aria-label', t.demos);
  });
  effect(() => {
    void demo.value;
    query.value = '';
    if (narrow.matches) unfolded.value = false;
  });
  effect(() => {
    void [demo.value, unfolded.value, language.value];
    requestAnimationFrame(() => requestAnimationFrame(() => showCurrent(root)));
  });
}

/** Scrolls the list, and nothing but the list, until the current demo is visible. */
function showCurrent(root: HTMLElement): void {
  const link = root.querySelector('a[aria-current="page"]');
  if (!link) return;
  const list = narrow.matches ? root.querySelector('.demo-list')! : root;
  const [box, around] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  const bottom = Math.min(around.bottom, innerHeight); // below the header, the list is taller than what is left of the window
  if (box.top < around.top || box.bottom > bottom) list.scrollTop += (box.top + box.bottom - around.top - bottom) / 2;
}
