import { html, nothing } from 'lit-html';
import { icon } from './icons.ts';
import type { Icon } from './icons.ts';

interface ButtonOptions {
  id?: string;
  disabled?: boolean;
  pressed?: boolean;
  hint?: string;
}

/** A button that shows an icon and says its label. */
export function iconButton(name: Icon, label: string, act: (event: Event) => void, options: ButtonOptions = {}) {
  return html`<button
    type="button"
    class="icon-button"
    id=${options.id ?? nothing}
    title=${options.hint ?? label}
    aria-label=${label}
    aria-pressed=${options.pressed ?? nothing}
    ?disabled=${options.disabled ?? false}
    @click=${act}
  >${icon(name)}</button>`;
}

/** A button beside the matter: an icon and a word, no frame. */
export function quietButton(name: Icon, label: string, act: (event: Event) => void, options: ButtonOptions = {}) {
  return html`<button
    type="button"
    class="button quiet small"
    id=${options.id ?? nothing}
    title=${options.hint ?? label}
    aria-label=${label}
    aria-pressed=${options.pressed ?? nothing}
    ?disabled=${options.disabled ?? false}
    @click=${act}
  >${icon(name)}<span>${label}</span></button>`;
}
