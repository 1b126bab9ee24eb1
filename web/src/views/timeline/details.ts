import { html, nothing } from 'lit-html';
import { formatInteger, formatMoment } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { focus, moment, range, selected, whole } from '../../app/state.ts';
import { focusTime, isPlaying, leave, perform } from '../../app/travel.ts';
import type { Lane } from '../../folds/lanes.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { markClass } from '../kit/threads.ts';
import { describe } from './describe.ts';
import { focusSelection } from './keys.ts';
import { totalsPart } from './parts.ts';
import { spotOf } from '../kit/axis/spot.ts';
import type { Spot } from '../kit/axis/spot.ts';
import { timelineTexts } from './texts.ts';

/** The line below the lanes: the measured range, else the selected span, else the time of the focus. */
export function details(lanes: readonly Lane[]) {
  const current = whole();
  if (!current) return nothing;
  if (range.value) return html`${totalsPart()?.rangeDetails(current, lanes, range.value)}${tools()}`;
  const spot = spotOf(current, selected.value);
  if (spot) return spanDetails(current, spot);
  return focus.value.index === null ? nothing : html`<p>${place(current)}</p>${tools()}`;
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
    ${focus.value.index === null ? nothing : html`<p>${place(current)}</p>`}${tools()}
  `;
}

/** Where in the run the focus is. */
function place(current: Moment) {
  const t = inLanguage(timelineTexts);
  const count = (value: number) => formatInteger(value, language.value);
  const at = formatMoment(focusTime(), (current.now - current.start) / 1000);
  return html`<span class="muted">${t.atFocus}</span> ${at} <span class="muted">${t.records(count(moment()?.index ?? 0), count(current.index))}</span>`;
}

function clear(): void {
  range.value = null;
  selected.value = null;
  leave();
}

function tools() {
  const t = texts().commands;
  const { play, pause } = inLanguage(timelineTexts);
  const label = isPlaying.value ? pause : play;
  return html`<span class="tools">${quietButton(isPlaying.value ? 'stop' : 'play', label, () => perform('play'), { id: 'play', hint: `${label} (␣)` })}${quietButton('fit', t.focus, focusSelection)}${iconButton('close', t.clear, clear)}</span>`;
}
