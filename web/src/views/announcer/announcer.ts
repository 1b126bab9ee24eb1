import { effect, untracked } from '@preact/signals-core';
import { formatPercent } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import { whole, phase, reading, refusal, slowFrame } from '../../app/state.ts';
import type { Phase } from '../../app/state.ts';
import { sayQuietly, warn } from '../kit/announce.ts';
import { endingText } from '../kit/ending_text.ts';
import { announcerTexts } from './texts.ts';

const bad = new Set(['deadlock', 'failed', 'failed-check', 'refused', 'killed', 'crashed']);

/** Long runs report no more often than this, in ms. */
const interval = 5000;

/** Tells screen readers what the page shows: progress and outcome of a run, and why one was refused. */
export function mount(): void {
  let before: Phase = refusal.peek() ? 'idle' : 'starting'; // whichever of the two mounted this
  let lastSaid = 0;
  effect(() => {
    const now = phase.value;
    void slowFrame.value;
    const shown = whole();
    const t = texts();
    if (now !== before) {
      if (now === 'starting') warn('');
      if (now === 'running') {
        sayQuietly(inLanguage(announcerTexts).started);
        lastSaid = performance.now();
      }
      if (now === 'stopping') sayQuietly(t.run.stopping);
      if (now === 'idle' && shown?.source === 'live' && shown.ending) {
        const checks = [...shown.summary.checks.values()];
        const held = checks.length > 0 ? ` ${inLanguage(announcerTexts).checks(checks.filter(Boolean).length, checks.length)}` : '';
        const text = endingText(shown) + held;
        if (bad.has(shown.ending.kind)) warn(text);
        else sayQuietly(text);
      }
      before = now;
    } else if (now === 'running' && shown && performance.now() - lastSaid > interval) {
      const { done, total } = shown.progress;
      if (total > 0) sayQuietly(inLanguage(announcerTexts).progress(formatPercent(done / total, language.value)));
      lastSaid = performance.now();
    }
  });
  effect(() => {
    const refused = refusal.value;
    if (!refused) return;
    untracked(() => warn(refused.reason === 'threads' ? texts().run.blocked : texts().form.toCorrect(reading.value?.problems.size ?? 0)));
  });
}
