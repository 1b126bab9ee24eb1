import { effect } from '@preact/signals-core';
import { formatPercent } from '../../app/format.ts';
import { language, texts } from '../../app/i18n/index.ts';
import { moment, phase, slowFrame } from '../../app/state.ts';
import { endingText } from '../runbar/ending_text.ts';

/** Speaks to those who do not see the page change: what goes on through #status, what went wrong through #alert. */

let toast: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  const region = document.getElementById('status');
  if (!region) return;
  region.textContent = text;
  region.classList.add('shown');
  clearTimeout(toast);
  toast = setTimeout(() => region.classList.remove('shown'), 4000);
}

/** As `say`, for what is on the page in writing anyway. */
export function sayQuietly(text: string): void {
  const region = document.getElementById('status');
  if (!region) return;
  clearTimeout(toast);
  region.classList.remove('shown');
  region.textContent = text;
}

export function warn(text: string): void {
  const region = document.getElementById('alert');
  if (!region) return;
  region.textContent = '';
  region.textContent = text;
}

const bad = new Set(['deadlock', 'failed', 'failed-check', 'refused', 'killed', 'crashed']);

/** Long runs report no more often than this, in ms. */
const interval = 5000;

export function mountAnnouncer(): void {
  let before = phase.peek();
  let lastSaid = 0;
  effect(() => {
    const now = phase.value;
    void slowFrame.value;
    const shown = moment();
    const t = texts();
    if (now !== before) {
      if (now === 'starting') warn('');
      if (now === 'running') {
        sayQuietly(t.status.started);
        lastSaid = performance.now();
      }
      if (now === 'stopping') sayQuietly(t.run.stopping);
      if (now === 'idle' && shown?.source === 'live' && shown.ending) {
        const checks = [...shown.summary.checks.values()];
        const held = checks.length > 0 ? ` ${t.status.checks(checks.filter(Boolean).length, checks.length)}` : '';
        const text = endingText(shown) + held;
        if (bad.has(shown.ending.kind)) warn(text);
        else sayQuietly(text);
      }
      before = now;
    } else if (now === 'running' && shown && performance.now() - lastSaid > interval) {
      const { done, total } = shown.progress;
      if (total > 0) sayQuietly(t.status.progress(formatPercent(done / total, language.value)));
      lastSaid = performance.now();
    }
  });
}
