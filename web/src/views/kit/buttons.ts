import { html, nothing } from 'lit-html';
import { icon } from './icons.ts';
import type { Icon } from './icons.ts';

interface ButtonOptions {
  id?: string;
  disabled?: boolean;
  pressed?: boolean;
  hint?: string;
}

type Act = (event: Event) => void;

function button(look: string, content: unknown, label: string, act: Act, { id, disabled = false, pressed, hint }: ButtonOptions) {
  return html`<button
    type="button"
    class=${look}
    id=${id ?? nothing}
    title=${hint ?? label}
    aria-label=${label}
    aria-pressed=${pressed ?? nothing}
    ?disabled=${disabled}
    @click=${act}
  >${content}</button>`;
}

/** A button that shows an icon and says its label. */
export function iconButton(name: Icon, label: string, act: Act, options: ButtonOptions = {}) {
  return button('icon-button', icon(name), label, act, options);
}

/** A secondary button: an icon and a word, no frame. */
export function quietButton(name: Icon, label: string, act: Act, options: ButtonOptions = {}) {
  return button('button quiet small', html`${icon(name)}<span>${label}</span>`, label, act, options);
}
