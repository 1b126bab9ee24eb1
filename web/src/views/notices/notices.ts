import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { readDiagnostics } from '../../app/actions.ts';
import { formatInteger } from '../../app/format.ts';
import { inLanguage, language, localised, texts, troubles } from '../../app/i18n/index.ts';
import { fullAddress } from '../../app/full_address.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { dismiss, mode, notices, refusal } from '../../app/state.ts';
import type { Notice } from '../../app/state.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { say } from '../kit/announce.ts';
import { copyText } from '../kit/clipboard.ts';
import { icon } from '../kit/icons.ts';
import { noticesTexts } from './texts.ts';

/** As much of a text from elsewhere as a sentence bears. */
const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

function textOf({ kind, text }: Notice): string {
  const t = inLanguage(noticesTexts);
  switch (kind) {
    case 'unknownDemo':
      return t.unknownDemo(shortened(text));
    case 'unknownParameters':
      return t.unknownParameters(shortened(text));
    case 'unreadable':
      return t.unreadable(shortened(text));
    case 'openFailed': {
      const known = troubles()?.fileTroubles;
      return localised(known?.[text] ?? known?.unreadable);
    }
    case 'cutOff':
      return t.cutOff(formatInteger(Number(text), language.value));
    case 'openUnknown':
      return t.openUnknown(text);
    case 'machine':
      return t.machine(text);
  }
}

async function copyDiagnostics(): Promise<void> {
  say((await copyText(await readDiagnostics())) ? inLanguage(noticesTexts).diagnosticsCopied : texts().link.failed);
}

/** Why there are no threads and what to do about it. */
function isolation() {
  if (mode.value.kind !== 'recorded') return nothing;
  const t = inLanguage(noticesTexts);
  const { reason, text } = mode.value;
  const known = troubles()?.isolationTroubles;
  const trouble = known?.[reason] ?? known?.unknown;
  return html`
    <div class="notice notice-isolation" id="isolation" tabindex="-1" data-reason=${reason}>
      ${icon('warning')}
      <div>
        <strong>${t.title}</strong>
        <p>${localised(trouble?.why)} ${localised(trouble?.whatToDo)}</p>
        ${text ? html`<details><summary>${texts().isolation.details}</summary><code>${text}</code></details>` : nothing}
        <p class="notice-actions">
          ${
            reason === 'framed'
              ? html`<a class="button" href=${fullAddress()} target="_blank" rel="noopener">${t.openInTab}</a>`
              : html`<button type="button" class="button" @click=${() => location.reload()}>${t.reload}</button>`
          }
          ${quietButton('copy', t.copyDiagnostics, () => void copyDiagnostics())}
        </p>
      </div>
    </div>
  `;
}

export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    const t = inLanguage(noticesTexts);
    render(
      html`
        ${notices.value.map(
          (notice) => html`<div class="notice" data-notice=${notice.kind}>
            ${icon('warning')}
            <p>${textOf(notice)}</p>
            ${iconButton('close', t.dismiss, () => dismiss(notice))}
          </div>`,
        )}
        ${isolation()}
      `,
      root,
    );
  });
  effect(() => {
    if (refusal.value?.reason === 'threads') document.getElementById('isolation')?.focus();
  });
}
