import { html, render } from 'lit-html';
import { defaultDemo } from '../../app/catalogue.ts';
import { addressOf, catalogue, helpOpen, mode, theme } from '../../app/state.ts';
import type { Theme } from '../../app/state.ts';
import { chooseLanguage, language, languages, texts } from '../../app/i18n/index.ts';
import { writePreference } from '../../app/preferences.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { iconButton } from '../kit/buttons.ts';

const themes: { id: Theme; icon: 'auto' | 'sun' | 'moon' }[] = [
  { id: 'auto', icon: 'auto' },
  { id: 'light', icon: 'sun' },
  { id: 'dark', icon: 'moon' },
];

function nextTheme(): void {
  const place = themes.findIndex(({ id }) => id === theme.value);
  theme.value = themes[(place + 1) % themes.length]!.id;
  writePreference('theme', theme.value);
}

function badge() {
  const t = texts().mode;
  switch (mode.value.kind) {
    case 'preparing':
      return html`<span class="badge badge-preparing" title=${t.preparingHint} data-mode="preparing">${t.preparing}</span>`;
    case 'live':
      return html`<span class="badge badge-live" title=${t.liveHint(navigator.hardwareConcurrency || 1)} data-mode="live">${t.live}</span>`;
    case 'recorded':
      return html`<a class="badge badge-recorded" href="#isolation" title=${t.recordedHint} data-mode="recorded" @click=${showReason}>${t.recorded}</a>`;
  }
}

function showReason(event: Event): void {
  event.preventDefault();
  const reason = document.getElementById('isolation');
  reason?.scrollIntoView({ block: 'center' });
  reason?.focus();
}

export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    const t = texts();
    const first = defaultDemo(catalogue.value?.demos ?? []);
    render(
      html`<a class="brand" href=${first ? addressOf(first) : '#'} title=${t.tagline}>
        <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <path class="logo-warp" d="M6 2v20M12 2v20M18 2v20" />
          <path class="logo-weft" d="M2 7h7.6M14.4 7H22M2 12h1.6M8.4 12h7.2M20.4 12H22M2 17h7.6M14.4 17H22" />
        </svg>
        <span class="brand-name">${t.name}</span>
      </a>`,
      document.getElementById('brand')!,
    );
    render(
      html`
        <div class="header-tools">
          ${badge()}
          <div class="segmented" role="group" aria-label=${t.header.language}>
            ${languages.map(
              ({ id, name, tag }) => html`<button
                type="button"
                lang=${tag}
                aria-pressed=${language.value === id}
                @click=${() => {
                  void chooseLanguage(id);
                  writePreference('language', id);
                }}
              >${name}</button>`,
            )}
          </div>
          ${iconButton(themes.find(({ id }) => id === theme.value)!.icon, t.header.themeIs(t.header.themes[theme.value]), nextTheme, { id: 'theme' })}
          ${iconButton('help', t.header.help, () => (helpOpen.value = true), { id: 'show-help' })}
        </div>
      `,
      root,
    );
  });
}
