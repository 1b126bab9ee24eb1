import { html, nothing, render } from 'lit-html';
import { localised, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo } from '../../app/state.ts';

export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    const shown = demo.value;
    document.title = shown ? `${localised(shown.title)} · ${texts().name}` : texts().name;
    render(shown ? html`<h1 id="title">${localised(shown.title)}</h1><p class="summary">${localised(shown.summary)}</p>` : nothing, root);
  });
}
