import { signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { aboutText, codeText } from '../../app/assets.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo } from '../../app/state.ts';
import { notesTexts } from './texts.ts';

type Tab = 'about' | 'cpp' | 'python' | 'both';

const tab = signal<Tab>('about');

/** Fetched parts by file; null while under way, an error where it failed. */
const parts = signal<ReadonlyMap<string, DocumentFragment | null | Error>>(new Map());

function put(file: string, part: DocumentFragment | null | Error): void {
  parts.value = new Map(parts.value).set(file, part);
}

async function load(file: string): Promise<void> {
  put(file, null);
  try {
    const response = await fetch(file);
    if (!response.ok) throw new Error(response.statusText);
    // What the build wrote from the demo's own text and code.
    const template = document.createElement('template');
    template.innerHTML = await response.text();
    put(file, template.content);
  } catch (error) {
    put(file, error instanceof Error ? error : new Error(String(error)));
  }
}

function part(file: string) {
  const t = inLanguage(notesTexts);
  const found = parts.value.get(file);
  if (found === undefined) {
    queueMicrotask(() => void load(file));
    return html`<p class="muted">${t.loading}</p>`;
  }
  if (found === null) return html`<p class="muted">${t.loading}</p>`;
  if (found instanceof Error) {
    return html`<p class="muted">${t.failed}</p><button type="button" class="button" @click=${() => void load(file)}>${t.retry}</button>`;
  }
  return html`${found.cloneNode(true)}`;
}

/** About the demo, and the programs it is made of. */
export function mount(root: HTMLElement): void {
  const wide = matchMedia('(min-width: 1100px)');
  const isWide = signal(wide.matches);
  wide.addEventListener('change', (event) => (isWide.value = event.matches));

  drawWhenChanged(() => {
    const t = inLanguage(notesTexts);
    const shown = demo.value;
    root.hidden = !shown || shown.hidden === true;
    if (!shown || root.hidden) return;
    const tabs: [Tab, string][] = [
      ['about', t.about],
      ['cpp', 'C++'],
      ['python', 'Python'],
    ];
    if (isWide.value) tabs.push(['both', t.both]);
    const current = tabs.some(([name]) => name === tab.value) ? tab.value : 'cpp';
    const choose = (name: Tab) => (tab.value = name);
    render(
      html`
        <section class="panel notes" aria-labelledby="notes-title">
          <div class="panel-head">
            <h2 class="visually-hidden" id="notes-title">${t.title}</h2>
            <div class="tabs" role="tablist" aria-labelledby="notes-title">
              ${tabs.map(
                ([name, label]) => html`<button
                  type="button"
                  role="tab"
                  id=${`tab-${name}`}
                  aria-selected=${name === current}
                  aria-controls="notes-panel"
                  tabindex=${name === current ? 0 : -1}
                  @click=${() => choose(name)}
                  @keydown=${(event: KeyboardEvent) => {
                    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
                    if (step === undefined) return;
                    const place = tabs.findIndex(([each]) => each === name);
                    const [next] = tabs[(place + step + tabs.length) % tabs.length]!;
                    choose(next);
                    document.getElementById(`tab-${next}`)?.focus();
                  }}
                >${label}</button>`,
              )}
            </div>
          </div>
          <div class=${`notes-body notes-${current}`} id="notes-panel" role="tabpanel" aria-labelledby=${`tab-${current}`} tabindex="0">
            ${
              current === 'about'
                ? html`<article class="prose" data-part="about">${part(aboutText(shown, language.value))}</article>`
                : html`
                  ${current !== 'python' ? html`<div class="code" data-part="cpp">${part(codeText(shown, 'cpp'))}</div>` : nothing}
                  ${current !== 'cpp' ? html`<div class="code" data-part="python">${part(codeText(shown, 'python'))}</div>` : nothing}
                `
            }
          </div>
        </section>
      `,
      root,
    );
  });
}
