import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { run } from '../app/actions.ts';
import { commandFor } from '../app/commands.ts';
import { fullAddress } from '../app/full_address.ts';
import { inLanguage, localised } from '../app/i18n/index.ts';
import { layout } from '../app/layout.ts';
import { linkOfAll } from '../app/link.ts';
import { drawWhenChanged } from '../app/scheduler.ts';
import { demo, frame, mode, slowFrame } from '../app/state.ts';
import { runbarTexts } from '../views/runbar/texts.ts';

/*
 * The page in a frame of another one: the picture with Run and chips. Nothing is loaded before the reader presses Run, be
 * it the program, a recorded run or the service worker.
 */

document.documentElement.dataset.embed = '';

/** That the reader has acted, for the page that is loaded again for the sake of isolation. */
const actedKey = () => `weft acted ${location.pathname} ${demo.value?.id}`;

function hasActed(): boolean {
  try {
    return sessionStorage.getItem(actedKey()) !== null;
  } catch {
    return false;
  }
}

function rememberAct(isRemembered: boolean): void {
  try {
    if (isRemembered) sessionStorage.setItem(actedKey(), '1');
    else sessionStorage.removeItem(actedKey());
  } catch {
    // A frame that is denied storage is not loaded again either.
  }
}

/** Run, by a pointer or a key. It is taken before what it does elsewhere, which would load all. */
function act(): Promise<void> {
  return new Promise((resolve) => {
    const take = (event: Event) => {
      const target = event.target as Element;
      const isRun =
        event instanceof KeyboardEvent
          ? !event.isComposing && (commandFor(event, false) === 'run' || (event.key === 'Enter' && target.matches('input')))
          : target.closest('#run') !== null;
      if (!isRun) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      for (const type of ['click', 'keydown']) removeEventListener(type, take, true);
      resolve();
    };
    for (const type of ['click', 'keydown']) addEventListener(type, take, true);
  });
}

/** Draws what only a frame has, and waits for the reader. Then it runs as soon as there are threads. */
export async function untilActed(): Promise<void> {
  // There are no panes beside the picture, however wide the frame is.
  effect(() => {
    if (layout.value === 'wide') layout.value = 'medium';
  });
  drawBar();
  tellHeight();
  if (!hasActed()) await act();
  rememberAct(true);
  let isDecided = false;
  effect(() => {
    const { kind } = mode.value;
    if (isDecided || kind === 'preparing') return;
    isDecided = true;
    rememberAct(false);
    if (kind === 'live') queueMicrotask(run);
  });
}

/** The demo's title, and the way to the page at its full size with all that is shown here. */
function drawBar(): void {
  const bar = document.createElement('div');
  bar.className = 'embed-bar';
  document.querySelector('.bar')!.append(bar);
  drawWhenChanged(() => {
    render(
      html`<h1>${localised(demo.value?.title)}</h1>
        <a id="open-in-full" href=${fullAddress(linkOfAll())} target="_blank" rel="noopener">${inLanguage(runbarTexts).openInFull}</a>`,
      bar,
    );
  });
}

/** Heights in CSS pixels that are told: beyond them the picture scrolls. */
const [least, most] = [240, 1600];

/** Tells the page around how high the frame would have to be to show all lanes: `{ type: 'weft:height', height }`. */
function tellHeight(): void {
  if (parent === window) return;
  let told = 0;
  const tell = () => {
    const lanes = document.querySelector('#timeline .lanes');
    const inner = document.querySelector('#timeline .lanes-inner');
    if (!lanes || !inner) return;
    const height = Math.max(least, Math.min(most, innerHeight + inner.scrollHeight - lanes.clientHeight));
    if (height === told) return;
    told = height;
    // It says nothing that is not seen, so any page may hear it.
    parent.postMessage({ type: 'weft:height', height }, '*');
  };
  effect(() => {
    void [frame.value, slowFrame.value, demo.value];
    // After the picture is drawn.
    requestAnimationFrame(() => requestAnimationFrame(tell));
  });
  addEventListener('resize', tell);
}
