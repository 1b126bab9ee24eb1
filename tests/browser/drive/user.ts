/** What somebody at the page does, through the same events. */

import { frame, until } from './wait.ts';

function field<E extends HTMLElement>(name: string): E {
  const found = document.getElementById(`field-${name}`);
  if (!found) throw new Error(`there is no field ${name}`);
  return found as E;
}

function fire(target: Element, type: string): void {
  target.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Fills in one field of the form, of whatever kind it is. */
export async function fill(name: string, text: string): Promise<void> {
  const first = field<HTMLInputElement | HTMLSelectElement>(name);
  if (first instanceof HTMLSelectElement) {
    first.value = text;
    fire(first, 'change');
  } else if (first.type === 'radio') {
    const choice = document.querySelector<HTMLInputElement>(`input[name="${name}"][value="${text}"]`);
    if (!choice) throw new Error(`the field ${name} has no choice ${text}`);
    choice.click();
  } else if (first.type === 'checkbox') {
    if (String(first.checked) !== text) first.click();
  } else {
    first.focus();
    first.value = text;
    fire(first, 'input');
  }
  await frame(); // fields that this one makes appear or vanish
}

export async function fillAll(values: Record<string, string | number | boolean>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await fill(name, String(value));
}

export function slide(name: string, position: number): void {
  const slider = document.querySelector<HTMLInputElement>(`[data-parameter="${name}"] input[type="range"]`);
  if (!slider) throw new Error(`the field ${name} has no slider`);
  slider.value = String(position);
  fire(slider, 'input');
}

export function resetField(name: string): void {
  const button = document.querySelector<HTMLButtonElement>(`[data-parameter="${name}"] button`);
  if (!button || button.disabled) throw new Error(`the field ${name} cannot be reset`);
  button.click();
}

/** Unfolds the list of demos, and follows the link of one; without an id, of the first that is not shown. */
export async function chooseDemo(id?: string): Promise<string> {
  const list = document.querySelector<HTMLDetailsElement>('#demos > details')!;
  if (!list.open) list.querySelector('summary')!.click();
  await until('the list of demos is there', () => document.querySelector('#demos a') !== null);
  const link = document.querySelector<HTMLAnchorElement>(id ? `#demos [data-demo="${id}"]` : '#demos a[aria-current="false"]')!;
  link.click();
  return link.dataset.demo!;
}

export function click(id: string): void {
  const found = document.getElementById(id);
  if (!found) throw new Error(`there is no #${id}`);
  found.click();
}

/** One of the buttons beside a process in the process tree. */
export function processButton(name: string, label: 'Terminate' | 'Kill'): HTMLButtonElement {
  const found = document.querySelector<HTMLButtonElement>(`#processes button[aria-label="${label} ${name}"]`);
  if (!found) throw new Error(`there is no button ${label} beside ${name}`);
  return found;
}

export function press(key: string, { ctrl = false, on = document.activeElement ?? document.body } = {}): void {
  const init = { key, code: key, ctrlKey: ctrl, bubbles: true, cancelable: true };
  on.dispatchEvent(new KeyboardEvent('keydown', init));
  on.dispatchEvent(new KeyboardEvent('keyup', init));
}

export function chooseLanguage(tag: 'en' | 'zh'): void {
  const button = document.querySelector<HTMLButtonElement>(`#header button[lang^="${tag}"]`);
  if (!button) throw new Error(`there is no button for the language ${tag}`);
  button.click();
}
