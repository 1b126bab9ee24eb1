import { html, render } from 'lit-html';
import { signal } from '@preact/signals-core';
import { readAgain } from '../../app/history.ts';
import { inLanguage } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { slowFrame } from '../../app/state.ts';
import { compareSection } from './compare.ts';
import { historySection } from './history_list.ts';
import { repeatSection } from './repeat.ts';
import { runsTexts } from './texts.ts';
import { offerBaseline } from './tracks.ts';

const sections = ['compare', 'repeat', 'history'] as const;

const section = signal<(typeof sections)[number]>('compare');

function choose(id: (typeof sections)[number]): void {
  section.value = id;
  // Another tab of the page may have run something.
  if (id === 'history') void readAgain();
}

function content() {
  switch (section.value) {
    case 'compare':
      return compareSection(() => choose('history'));
    case 'repeat':
      return repeatSection();
    case 'history':
      return historySection();
  }
}

/** Two runs beside each other, a series of runs, and those that were made before. */
export function mount(root: HTMLElement): void {
  offerBaseline();
  drawWhenChanged(() => {
    void slowFrame.value;
    const t = inLanguage(runsTexts);
    render(
      html`
        <section class="panel runs" aria-labelledby="runs-title">
          <div class="panel-head">
            <h2 id="runs-title">${t.title}</h2>
            <div class="segmented" role="group" aria-label=${t.choose}>
              ${sections.map(
                (id) => html`<button
                  type="button"
                  id=${`runs-${id}`}
                  aria-pressed=${section.value === id}
                  @click=${() => choose(id)}
                >${t.sections[id]}</button>`,
              )}
            </div>
          </div>
          ${content()}
        </section>
      `,
      root,
    );
  });
}
