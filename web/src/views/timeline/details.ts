import { html, nothing } from 'lit-html';
import { inLanguage, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { moment, range, selected } from '../../app/state.ts';
import type { Lane } from '../../folds/lanes.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { markClass } from '../kit/threads.ts';
import { describe } from './describe.ts';
import { focusSelection } from './keys.ts';
import { totalsPart } from './parts.ts';
import { spotOf } from '../kit/axis/spot.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { timelineTexts } from './texts.ts';

/** The line below the lanes: the measured range, else the selected span. */
export function details(lanes: readonly Lane[]) {
  const current = moment();
  if (!current) return nothing;
  if (range.value) return html`${totalsPart()?.rangeDetails(current, lanes, range.value)}${tools()}`;
  const spot = spotOf(current, selected.value);
  return spot ? spanDetails(current, spot) : nothing;
}

function spanDetails(current: Moment, spot: Spot) {
  const t = inLanguage(timelineTexts);
  const { thread, what, more, start, duration } = describe(current, spot);
  return html`
    <p>
      <span class=${markClass(spot.lane.process, spot.lane.thread)}></span><strong>${thread}</strong>
      <span>${what}</span>${more ? html`<span class="muted">${more}</span>` : nothing}
    </p>
    <p><span class="muted">${t.duration}</span> ${duration} <span class="muted">${t.start}</span> ${start}</p>
    ${tools()}
  `;
}

function clear(): void {
  range.value = null;
  selected.value = null;
}

function tools() {
  const t = texts().commands;
  return html`<span class="tools">${quietButton('fit', t.focus, focusSelection)}${iconButton('close', t.clear, clear)}</span>`;
}
