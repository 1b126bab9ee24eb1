import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { commands } from '../../app/commands.ts';
import type { Command, Key } from '../../app/commands.ts';
import { timelineCommands } from '../../app/timeline_commands.ts';
import { travelCommands } from '../../app/travel.ts';
import { inLanguage, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { writePreference } from '../../app/preferences.ts';
import { helpOpen, singleKeys } from '../../app/state.ts';
import { iconButton } from '../kit/buttons.ts';
import { helpTexts } from './texts.ts';

const signs: Record<string, string> = {
  Comma: ',',
  Period: '.',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  '-': '−',
};

/** What is written on a key, or on the keys that are pressed together. */
function keyLabel({ code, key, control, shift }: Key & { shift?: boolean }): string {
  const name = (key ?? code!).replace(/^Key/, '');
  if (name === 'Space') return inLanguage(helpTexts).space;
  return `${control ? 'Ctrl + ' : ''}${shift ? 'Shift + ' : ''}${signs[name] ?? name}`;
}

function keyTable(shown: readonly Command<string>[], pointer: [keys: string, does: string][]) {
  const names: Record<string, string> = { ...texts().commands, ...inLanguage(helpTexts).commands };
  return html`<dl class="keys">
    ${shown.map(({ id, keys }) => html`<div><dt>${keys.map((key) => html`<kbd>${keyLabel(key)}</kbd>`)}</dt><dd>${names[id]}</dd></div>`)}
    ${pointer.map(([keys, does]) => html`<div><dt><kbd>${keys}</kbd></dt><dd>${does}</dd></div>`)}
  </dl>`;
}

function switchSingleKeys(event: Event): void {
  singleKeys.value = (event.target as HTMLInputElement).checked;
  writePreference('keys', singleKeys.value ? 'on' : 'off');
}

export function mount(root: HTMLElement): void {
  const dialog = root as HTMLDialogElement;
  drawWhenChanged(() => {
    const t = texts();
    const h = inLanguage(helpTexts);
    render(
      html`
        <div class="dialog-head">
          <h2 id="help-title">${h.title}</h2>
          ${iconButton('close', t.close, () => (helpOpen.value = false))}
        </div>
        <h3>${h.everywhere}</h3>
        ${keyTable([...commands, ...travelCommands.filter(({ single }) => single)], [])}
        <label class="switch">
          <input type="checkbox" role="switch" id="single-keys" .checked=${singleKeys.value} @change=${switchSingleKeys} />
          <span class="switch-track" aria-hidden="true"></span><span>${h.singleKeys}</span>
        </label>
        <h3>${h.onTimeline}</h3>
        ${keyTable(
          [...timelineCommands, ...travelCommands.filter(({ single }) => !single)],
          [
            [h.wheel, h.wheelDoes],
            [h.shiftWheel, h.shiftWheelDoes],
            [h.drag, h.dragDoes],
            [h.dragAxis, h.dragAxisDoes],
            [h.click, h.clickDoes],
            [h.doubleClick, h.doubleClickDoes],
          ],
        )}
        <h3>${h.truth}</h3>
        <p>${h.truthText}</p>
      `,
      dialog,
    );
  });
  dialog.addEventListener('close', () => (helpOpen.value = false));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) helpOpen.value = false; // the backdrop
  });
  effect(() => {
    if (helpOpen.value && !dialog.open) dialog.showModal();
    if (!helpOpen.value && dialog.open) dialog.close();
  });
}
