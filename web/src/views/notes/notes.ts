import { effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { aboutText, codeText } from '../../app/assets.ts';
import { inLanguage, language, localised } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo, phase } from '../../app/state.ts';
import { onResize } from '../kit/on_resize.ts';
import { notesTexts } from './texts.ts';

type Tab = 'cpp' | 'python' | 'both';

const tab = signal<Tab>('cpp');

/** From this width on, in CSS pixels, both programs have room beside each other. */
const roomForBoth = 760;

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

/** Scrolls a program to the lines that matter, when it is there and was not shown before. */
function showCore(root: HTMLElement): void {
  for (const code of root.querySelectorAll<HTMLElement>('.code')) {
    const core = code.querySelector<HTMLElement>('.core');
    if (!core?.checkVisibility() || code.dataset.shown === code.dataset.file) continue;
    code.dataset.shown = code.dataset.file;
    const body = root.querySelector('.code-body')!;
    if (body.scrollHeight > body.clientHeight) body.scrollTop += core.getBoundingClientRect().top - body.getBoundingClientRect().top - 8;
  }
}

/** What the text proposes to try is a button, which the build made. */
async function onClick({ target }: Event): Promise<void> {
  const query = (target as Element).closest<HTMLElement>('[data-try]')?.dataset.try;
  if (query) (await import('../../app/try_out.ts')).tryOut(query);
}

/** About the demo, and the programs it is made of. */
export function mount(root: HTMLElement): void {
  const hasRoom = signal(false);

  /** Not part of the drawing, which would take the focus from the button that was pressed. */
  const dimTries = () => {
    for (const button of root.querySelectorAll('[data-try]')) button.ariaDisabled = String(phase.peek() !== 'idle');
  };
  effect(() => {
    void phase.value;
    dimTries();
  });

  drawWhenChanged(() => {
    const t = inLanguage(notesTexts);
    const shown = demo.value;
    root.hidden = !shown;
    if (!shown) return;
    const tabs: [Tab, string][] = [
      ['cpp', 'C++'],
      ['python', 'Python'],
    ];
    if (hasRoom.value) tabs.push(['both', t.both]);
    const current = tabs.some(([name]) => name === tab.value) ? tab.value : 'cpp';
    const choose = (name: Tab) => (tab.value = name);
    const code = (name: 'cpp' | 'python') =>
      html`<div class="code" data-part=${name} data-file=${codeText(shown, name)}>${part(codeText(shown, name))}</div>`;
    render(
      html`
        <section class="panel notes" aria-label=${t.title}>
          <article class="prose" data-part="about" tabindex="0" aria-label=${t.about} @click=${onClick}>
            <p class="summary">${localised(shown.summary)}</p>
            ${shown.hidden ? nothing : part(aboutText(shown, language.value))}
          </article>
          ${
            shown.hidden
              ? nothing
              : html`<div class="programs">
                  <div class="panel-head">
                    <div class="tabs" role="tablist" aria-label=${t.programs}>
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
                  <div class=${`code-body code-${current}`} id="notes-panel" role="tabpanel" aria-labelledby=${`tab-${current}`} tabindex="0">
                    ${current !== 'python' ? code('cpp') : nothing}${current !== 'cpp' ? code('python') : nothing}
                  </div>
                </div>`
          }
        </section>
      `,
      root,
    );
    dimTries();
    showCore(root);
  });

  onResize(root, () => {
    hasRoom.value = (root.querySelector('.code-body')?.clientWidth ?? 0) >= roomForBoth;
    showCore(root);
  });
}
