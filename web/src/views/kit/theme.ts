import { computed, signal } from '@preact/signals-core';
import { theme } from '../../app/state.ts';

const prefersDark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;
const systemDark = signal(prefersDark?.matches ?? false);
prefersDark?.addEventListener('change', (event) => (systemDark.value = event.matches));

/** Whether the page is dark now: canvases are drawn again when it changes. */
export const dark = computed(() => (theme.value === 'auto' ? systemDark.value : theme.value === 'dark'));

const calm = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;

export function reducedMotion(): boolean {
  return calm?.matches ?? false;
}
