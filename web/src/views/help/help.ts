import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { commands } from '../../app/commands.ts';
import type { Command } from '../../app/commands.ts';
import { texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { helpOpen } from '../../app/state.ts';
import { iconButton } from '../kit/buttons.ts';

function keyTable(scope: Command['scope'], pointer: [keys: string, does: string][]) {
  const t = texts();
  return html`<dl class="keys">
    ${commands
      .filter((command) => command.scope === scope)
      .map((command) => html`<div><dt>${command.keys.map(({ label }) => html`<kbd>${label}</kbd>`)}</dt><dd>${t.commands[command.id]}</dd></div>`)}
    ${pointer.map(([keys, does]) => html`<div><dt><kbd>${keys}</kbd></dt><dd>${does}</dd></div>`)}
  </dl>`;
}

export function mountHelp(dialog: HTMLDialogElement): void {
  drawWhenChanged(() => {
    const t = texts();
    render(
      html`
        <div class="dialog-head">
          <h2 id="help-title">${t.help.title}</h2>
          ${iconButton('close', t.close, () => (helpOpen.value = false))}
        </div>
        <h3>${t.help.everywhere}</h3>
        ${keyTable('page', [])}
        <h3>${t.help.onTimeline}</h3>
        ${keyTable('timeline', [
          [t.help.wheel, t.help.wheelDoes],
          [t.help.shiftWheel, t.help.shiftWheelDoes],
          [t.help.drag, t.help.dragDoes],
          [t.help.doubleClick, t.help.doubleClickDoes],
        ])}
        <h3>${t.help.truth}</h3>
        <p>${t.help.truthText}</p>
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
