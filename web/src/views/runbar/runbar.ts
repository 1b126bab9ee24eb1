import { html, nothing, render } from 'lit-html';
import { openFile, run, saveRun, stop } from '../../app/actions.ts';
import { formatDuration } from '../../app/format.ts';
import { language, texts } from '../../app/i18n/index.ts';
import { part } from '../../app/part.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { isStale, mode, phase, reading, recorded, slowFrame, whole } from '../../app/state.ts';
import { withSeldomStyle } from '../../app/styles.ts';
import { quietButton } from '../kit/buttons.ts';
import { icon } from '../kit/icons.ts';
import { endingText } from '../kit/ending_text.ts';
import { statementOf } from '../kit/statement.ts';

/** How far a run has come. */
const progressPart = part(() => import('./progress.ts'));

function progress() {
  const shown = whole();
  const busy = phase.value === 'running' || phase.value === 'stopping';
  return shown && busy && shown.source === 'live' ? (progressPart()?.progress(shown) ?? nothing) : nothing;
}

function state() {
  const t = texts().run;
  const shown = whole();
  switch (phase.value) {
    case 'starting':
      return t.starting;
    case 'running':
      return `${t.running} · ${formatDuration(Math.floor((shown?.length ?? 0) / 1e8) * 1e8, language.value)}`;
    case 'stopping':
      return t.stopping;
    case 'idle':
      if (recorded.value.loading) return t.loading;
      if (!shown) return recorded.value.failure ? texts().failure.recorded : t.none;
      return shown.source === 'recorded' && mode.value.kind !== 'recorded' ? `${endingText(shown)} ${t.recordedWith}` : endingText(shown);
  }
}

/** What came of the run: the first check that fails, else the first that holds. */
function outcome() {
  const shown = whole();
  const checks = [...(shown?.summary.checks ?? [])];
  const failed = checks.find(([, holds]) => !holds);
  const [name, holds] = failed ?? checks[0] ?? [];
  if (phase.value !== 'idle' || !shown?.ending || name === undefined) return nothing;
  const text = statementOf(shown, name);
  const others = checks.length > 1 && !failed ? ` +${checks.length - 1}` : '';
  return html`<span class=${`outcome ${holds ? 'holds' : 'fails'}`} title=${text}>${icon(holds ? 'check' : 'close')}<span>${text}</span>${others}</span>`;
}

function sourceBadge() {
  const t = texts().run;
  const shown = whole();
  if (!shown) return nothing;
  const { date, machine, parameters } = shown.header;
  if (shown.source === 'live') return html`<span class="badge badge-live">${t.live}</span>`;
  const day = new Date(date);
  const when = Number.isNaN(day.getTime())
    ? date
    : day.toLocaleDateString(language.value === 'zh' ? 'zh-Hans-CN' : 'en', { dateStyle: 'medium' });
  const set = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  const hint = `${t.recordedOn(when, machine)}\n${set}`;
  return html`<span class="badge badge-recorded" title=${hint}>${shown.source === 'recorded' ? t.recorded : t.loaded}</span>`;
}

/** What is seldom to be said of a run. */
const remarks = part(() => import('./remarks.ts'));

/** The parameters were changed since: what is shown is not what they would give. */
function stale() {
  const shown = whole();
  return shown && isStale.value ? (remarks()?.stale(shown) ?? nothing) : nothing;
}

function losses() {
  const shown = whole();
  if (!shown) return nothing;
  const { dropped, overLimit, missing } = shown.losses;
  return dropped + overLimit + missing > 0 ? (remarks()?.losses(shown) ?? nothing) : nothing;
}

/** Loaded when the pointer or the focus comes near: a browser lends the clipboard for a moment only. */
const sharing = () => withSeldomStyle(import('./share.ts'));
const share = (act: 'copyLink' | 'showSnippet') => async () => (await sharing())[act]();

export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    const t = texts();
    void slowFrame.value;
    const idle = phase.value === 'idle';
    const blocked = mode.value.kind === 'recorded' || (reading.value?.problems.size ?? 0) > 0;
    const shown = whole();
    render(
      html`
        <div class="runbar">
          <div class="runbar-buttons">
            <button
              type="button"
              class="button primary"
              id="run"
              aria-keyshortcuts="Control+Enter"
              aria-disabled=${!idle}
              data-blocked=${blocked}
              @click=${run}
            >${icon('play')}<span>${t.commands.run}</span><kbd>Ctrl ↵</kbd></button>
            <button
              type="button"
              class="button stop"
              id="stop"
              aria-keyshortcuts="Escape"
              ?disabled=${idle}
              @click=${stop}
            >${icon('stop')}<span>${phase.value === 'stopping' ? t.run.stopNow : t.commands.stop}</span><kbd>Esc</kbd></button>
          </div>
          <div class="runbar-state" id="state" data-kind=${shown?.ending && idle ? shown.ending.kind : phase.value}>
            ${idle ? sourceBadge() : nothing}${stale()}${outcome()}<span class="state-text">${state()}</span>${progress()}
          </div>
          <div class="runbar-more" @pointerover=${sharing} @focusin=${sharing}>
            ${quietButton('link', t.link.copy, share('copyLink'), { id: 'copy-link' })}
            ${quietButton('embed', t.link.embed, share('showSnippet'), { id: 'embed' })}
            ${quietButton('save', t.run.save, () => void saveRun('weft'), { id: 'save-run', hint: t.run.saveHint, disabled: !shown || !idle })}
            ${quietButton('chart', t.run.export, () => void saveRun('json'), { id: 'export-run', hint: t.run.exportHint, disabled: !shown || !idle })}
            ${quietButton('open', t.run.open, () => void openFile(), { id: 'open-run', hint: t.run.openHint, disabled: !idle })}
          </div>
        </div>
        ${losses()}
      `,
      root,
    );
  });
}
