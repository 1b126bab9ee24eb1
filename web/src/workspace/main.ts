import { effect, untracked } from '@preact/signals-core';
import { views } from 'weft:views';
import { run, stop } from '../app/actions.ts';
import { assets } from '../app/assets.ts';
import type { Catalogue } from '../app/catalogue.ts';
import { commandFor } from '../app/commands.ts';
import type { CommandId } from '../app/commands.ts';
import { isEmbedded } from '../app/embedded.ts';
import { chooseLanguage, firstLanguage, language, languages, texts } from '../app/i18n/index.ts';
import { readPreference } from '../app/preferences.ts';
import { catchUpOnFrames } from '../app/runs/catch_up.ts';
import { showDemo } from '../app/runs/files.ts';
import { loadEngine } from '../app/runs/load.ts';
import { abandonRun, prepareMachine } from '../app/runs/runner.ts';
import { address, alive, catalogue, demo, follow, helpOpen, mode, openRun, phase, singleKeys, theme } from '../app/state.ts';
import type { Theme } from '../app/state.ts';
import { withSeldomStyle } from '../app/styles.ts';
import { parseAddress } from '../app/url.ts';
import { dark } from '../views/kit/theme.ts';
import { mountViews } from './mount.ts';
import { mountPanes } from './panes.ts';
import { mountTabs } from './tabs.ts';

const element = (id: string) => document.getElementById(id)!;

/** Editing rewrites the address after this long without another edit: browsers limit how often that may be done. */
const addressDelay = 250;

async function choosePreferences(): Promise<void> {
  const stored = readPreference('theme');
  if (stored === 'light' || stored === 'dark' || stored === 'auto') theme.value = stored satisfies Theme;
  singleKeys.value = readPreference('keys') !== 'off';
  await chooseLanguage(firstLanguage(parseAddress(location.hash).language ?? readPreference('language'), navigator.languages));
}

/** What the page is doing can be read off its root element, by style sheets and by tests. */
function markRoot(): void {
  const root = document.documentElement;
  effect(() => {
    root.dataset.state = phase.value;
    const ending = phase.value === 'idle' ? openRun.value?.at().ending : null;
    root.dataset.source = openRun.value?.source ?? 'none';
    root.dataset.outcome = !ending
      ? ''
      : ending.kind === 'crashed' || ending.kind === 'killed' || ending.kind === 'stopped' || ending.kind === 'deadlock'
        ? ending.kind
        : 'exited';
    root.dataset.exitCode = ending ? String(ending.code) : '';
  });
  effect(() => {
    root.dataset.mode = mode.value.kind;
  });
  effect(() => {
    if (!alive.value) return;
    root.dataset.processes = String(alive.value.processes);
    root.dataset.memories = String(alive.value.memories);
    root.dataset.workers = String(alive.value.workers);
    root.dataset.standby = alive.value.standby;
  });
  effect(() => {
    root.dataset.demo = demo.value?.id ?? '';
  });
  effect(() => {
    root.dataset.theme = theme.value;
    root.toggleAttribute('data-dark', dark.value);
  });
  effect(() => {
    root.lang = languages.find(({ id }) => id === language.value)!.tag;
    element('skip').textContent = texts().skip;
  });
}

/** Writes an edit that is still to be written to the address. */
let writeAddress = (): void => {};

function keepAddress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The address that the page shows. One that differs has just been asked for, and is about to be followed. */
  let followed = location.hash;
  writeAddress = () => {
    const isEdited = timer !== undefined;
    clearTimeout(timer);
    timer = undefined;
    if (!isEdited || location.hash !== followed) return;
    if (address.value !== location.hash) history.replaceState(null, '', address.value);
    followed = location.hash;
  };
  let first = true;
  effect(() => {
    void address.value;
    clearTimeout(timer);
    // The address that was followed stays as it came until something is edited.
    if (!first) timer = setTimeout(writeAddress, addressDelay);
    first = false;
  });
  // Leaving within the delay must not lose the edit: the entry left behind has the old values otherwise.
  addEventListener('pagehide', writeAddress);
  document.addEventListener(
    'click',
    (event) => {
      if ((event.target as Element | null)?.closest?.('a[href^="#v"]')) writeAddress();
    },
    { capture: true },
  );
  addEventListener('hashchange', () => {
    clearTimeout(timer);
    timer = undefined;
    followed = location.hash;
    follow(location.hash);
  });
}

function perform(command: CommandId): void {
  for (const { commands } of views) commands?.[command]?.();
}

function listenToSkipLink(): void {
  element('skip').addEventListener('click', (event) => {
    event.preventDefault();
    element('run').focus();
  });
}

function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandFor(event, singleKeys.value);
    const isSign = command === 'help' || command === 'demos';
    if (isSign || !command) {
      // A sign that can be typed is not taken away from those who type.
      if ((event.target as Element | null)?.closest?.('input, select, textarea')) return;
      if (isSign) {
        if (command === 'help') helpOpen.value = !helpOpen.value;
        else if (!helpOpen.value) perform(command);
        event.preventDefault();
      } else if (singleKeys.value && !helpOpen.value && /^[,.<>;:[\]]$/.test(event.key)) {
        void import('../app/travel.ts').then(({ pressTravelKey }) => pressTravelKey(event, 'page'));
      }
      return;
    }
    if (helpOpen.value) return;
    if (command === 'run') {
      event.preventDefault();
      run();
    } else if (command === 'stop' && phase.value !== 'idle') {
      event.preventDefault();
      stop();
    }
  });
}

async function askForThreads(): Promise<void> {
  const { ensureIsolation } = await loadEngine();
  const status = await ensureIsolation({ serviceWorker: './sw.js', keepsFiles: !isEmbedded, beforeReload: writeAddress });
  switch (status.state) {
    case 'isolated':
      mode.value = { kind: 'live' };
      await prepareMachine();
      break;
    case 'unavailable':
      mode.value = {
        kind: 'recorded',
        ...(await import('../app/host_headers.ts').then(({ blameHost }) => blameHost(status)).catch(() => status)),
      };
      break;
    case 'reloading':
      break; // the page is as good as gone
  }
}

async function loadCatalogue(): Promise<void> {
  const response = await fetch(assets.catalogue);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  catalogue.value = (await response.json()) as Catalogue;
}

async function open(): Promise<void> {
  const [, failure] = await Promise.all([choosePreferences(), loadCatalogue().catch((error: unknown) => error)]);
  markRoot();
  if (failure) {
    const notice = document.createElement('p');
    notice.className = 'noscript';
    notice.role = 'alert';
    notice.textContent = texts().failure.catalogue;
    element('notices').append(notice);
    return;
  }
  const frame = isEmbedded && (await withSeldomStyle(import('./embed.ts')));
  follow(location.hash);
  mountPanes();
  mountViews(views);
  mountTabs(views);
  listenToSkipLink();
  catchUpOnFrames();
  keepAddress();
  listenToKeys();
  addEventListener('pagehide', abandonRun);
  if (frame) await frame.untilActed();
  effect(() => {
    const chosen = demo.value;
    if (chosen) untracked(() => void showDemo(chosen));
  });
  await askForThreads();
}

void open();
