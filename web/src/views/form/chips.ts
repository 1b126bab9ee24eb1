import { html, nothing, render } from 'lit-html';
import type { Demo, NumberParameter, Parameter } from '../../app/catalogue.ts';
import { formatNumber } from '../../app/format.ts';
import { language, localised, texts } from '../../app/i18n/index.ts';
import { sheet } from '../../app/layout.ts';
import {
  applies,
  fromSlider,
  hasSlider,
  isDefault,
  mainParameters,
  rawText,
  readValue,
  sliderSteps,
  toSlider,
} from '../../app/parameters.ts';
import { demo, raw, reading, setRaw } from '../../app/state.ts';
import { sayQuietly } from '../kit/announce.ts';
import { icon } from '../kit/icons.ts';
import { nudge } from './nudge.ts';
import { shortened } from './shortened.ts';

/** A pointer that is moved over a chip by so many CSS pixels goes through all of the parameter's values. */
const travel = 240;
/** A pointer that moves less than this clicks. */
const slack = 4;

const isNumber = (parameter: Parameter): parameter is NumberParameter => parameter.type === 'integer' || parameter.type === 'real';

function valueText(parameter: Parameter, text: string): string {
  const read = readValue(parameter, text);
  if (!('value' in read)) return shortened(text);
  const { value } = read;
  if (typeof value === 'boolean') return value ? texts().form.on : texts().form.off;
  if (parameter.type === 'choice') return localised(parameter.choices.find((choice) => choice.value === value)?.label);
  const number = formatNumber(value as number, language.value);
  return parameter.type === 'real' ? `${number} ${localised(parameter.unit)}` : number;
}

const numberOf = (parameter: NumberParameter) => {
  const read = readValue(parameter, rawText(parameter, raw.value));
  return 'value' in read ? (read.value as number) : parameter.default;
};

/** The value that is being dragged out of a chip. */
let drag: { parameter: NumberParameter; at: number; from: number; moved: boolean } | null = null;

function onDown(parameter: Parameter, event: PointerEvent): void {
  drag = null;
  // A finger scrolls the chips.
  if (!isNumber(parameter) || !hasSlider(parameter) || event.pointerType === 'touch' || event.button !== 0) return;
  drag = { parameter, at: event.clientX, from: toSlider(parameter, numberOf(parameter)), moved: false };
  (event.currentTarget as Element).setPointerCapture(event.pointerId);
}

function onMove(event: PointerEvent): void {
  if (!drag || event.buttons === 0) return;
  const by = event.clientX - drag.at;
  if (Math.abs(by) > slack) drag.moved = true;
  if (drag.moved) setRaw(drag.parameter.name, String(fromSlider(drag.parameter, drag.from + (by / travel) * sliderSteps)));
}

/** Opens the parameter's field, or closes it. */
function onClick(name: string): void {
  const wasDragged = drag?.moved ?? false;
  drag = null;
  if (wasDragged) return;
  sheet.value = sheet.value === name ? null : name;
  if (sheet.value === null) return;
  // The slider comes first, where there is one: it is what a chip stands for.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const field = document.querySelector(name ? `[data-parameter="${name}"]` : '#form');
      (field?.querySelector<HTMLElement>('[type="range"]') ?? field?.querySelector<HTMLElement>('input, select'))?.focus();
    }),
  );
}

function onKey(parameter: Parameter, event: KeyboardEvent): void {
  if (!isNumber(parameter)) return;
  const next = nudge(parameter, numberOf(parameter), event);
  if (next === null) return;
  event.preventDefault();
  setRaw(parameter.name, String(next));
  sayQuietly(`${localised(parameter.label)} ${valueText(parameter, String(next))}`);
}

function chip(parameter: Parameter) {
  const text = rawText(parameter, raw.value);
  const [label, value] = [localised(parameter.label), valueText(parameter, text)];
  const look = [
    'chip',
    isDefault(parameter, text) ? '' : 'chip-changed',
    reading.value?.problems.has(parameter.name) ? 'chip-wrong' : '',
    isNumber(parameter) && hasSlider(parameter) ? 'chip-slides' : '',
  ];
  return html`<button
    type="button"
    class=${look.join(' ')}
    id=${`chip-${parameter.name}`}
    title=${`${label}: ${value}\n${texts().form.chip}`}
    aria-expanded=${sheet.value === parameter.name}
    aria-controls="form"
    @pointerdown=${(event: PointerEvent) => onDown(parameter, event)}
    @pointermove=${onMove}
    @click=${() => onClick(parameter.name)}
    @keydown=${(event: KeyboardEvent) => onKey(parameter, event)}
  ><span class="chip-label">${label}</span> <b>${value}</b></button>`;
}

/** What is not a chip of its own: how many of those differ from their defaults. */
function changedElsewhere(shown: Demo, main: Parameter[]): number {
  return shown.parameters.filter((parameter) => !main.includes(parameter) && !isDefault(parameter, rawText(parameter, raw.value))).length;
}

/** The parameters that matter as chips: press and drag for another value, or click for the field. */
export function drawChips(root: HTMLElement): void {
  const shown = demo.value;
  if (!shown) return;
  const t = texts().form;
  const main = mainParameters(shown);
  const elsewhere = changedElsewhere(shown, main);
  render(
    html`${main.filter((parameter) => applies(parameter, shown, raw.value)).map(chip)}
      <button type="button" class=${`chip${elsewhere > 0 ? ' chip-changed' : ''}`} id="chip-all" aria-expanded=${sheet.value === ''} aria-controls="form"
        title=${t.all} aria-label=${t.all} @click=${() => onClick('')}>${icon('sliders')}${elsewhere > 0 ? html`<b>${elsewhere}</b>` : nothing}</button>`,
    root,
  );
  root.role = 'group';
  root.setAttribute('aria-label', t.title);
}
