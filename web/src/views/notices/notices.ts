import { html, nothing, render } from 'lit-html';
import { localised, texts, troubles } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { dismiss, mode, notices } from '../../app/state.ts';
import type { Notice } from '../../app/state.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { loadEngine } from '../../app/assets.ts';
import { say } from '../announcer/announcer.ts';
import { copyText } from '../kit/clipboard.ts';
import { icon } from '../kit/icons.ts';

function textOf({ kind, text }: Notice): string {
  const t = texts();
  switch (kind) {
    case 'unknownDemo':
      return t.link.unknownDemo(text);
    case 'unknownParameters':
      return t.link.unknownParameters(text);
    case 'unreadable':
      return t.link.unreadable(text);
    case 'openFailed':
      return t.run.openFailed(text);
    case 'openUnknown':
      return t.run.openUnknown(text);
    case 'machine':
      return t.failure.machine(text);
  }
}

async function copyDiagnostics(): Promise<void> {
  const { diagnostics } = await loadEngine();
  const t = texts();
  say((await copyText(diagnostics())) ? t.isolation.copied : t.link.failed);
}

/** Why there are no threads and what to do about it. */
function isolation() {
  if (mode.value.kind !== 'recorded') return nothing;
  const t = texts().isolation;
  const { reason, text } = mode.value;
  const known = troubles()?.isolationTroubles;
  const trouble = known?.[reason] ?? known?.unknown;
  return html`
    <div class="notice notice-isolation" id="isolation" tabindex="-1" data-reason=${reason}>
      ${icon('warning')}
      <div>
        <strong>${t.title}</strong>
        <p>${localised(trouble?.why)} ${localised(trouble?.whatToDo)}</p>
        ${text ? html`<details><summary>${t.details}</summary><code>${text}</code></details>` : nothing}
        <p class="notice-actions">
          ${reason === 'framed'
            ? html`<a class="button" href=${location.href} target="_blank" rel="noopener">${t.openInTab}</a>`
            : html`<button type="button" class="button" @click=${() => location.reload()}>${t.reload}</button>`}
          ${quietButton('copy', t.copyDiagnostics, () => void copyDiagnostics())}
        </p>
      </div>
    </div>
  `;
}

export function mountNotices(root: HTMLElement): void {
  drawWhenChanged(() => {
    const t = texts();
    render(
      html`
        ${notices.value.map(
          (notice) => html`<div class="notice" data-notice=${notice.kind}>
            ${icon('warning')}
            <p>${textOf(notice)}</p>
            ${iconButton('close', t.link.dismiss, () => dismiss(notice))}
          </div>`,
        )}
        ${isolation()}
      `,
      root,
    );
  });
}
