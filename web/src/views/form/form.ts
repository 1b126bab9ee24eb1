import { effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { run } from '../../app/actions.ts';
import type { BooleanParameter, ChoiceParameter, NumberParameter, Parameter } from '../../app/catalogue.ts';
import { formatNumber } from '../../app/format.ts';
import { language, localised, texts } from '../../app/i18n/index.ts';
import { layout, sheet } from '../../app/layout.ts';
import {
  applies,
  fromSlider,
  hasSlider,
  isDefault,
  isRunOption,
  mainParameters,
  rawText,
  readValue,
  sliderSteps,
  toSlider,
} from '../../app/parameters.ts';
import { part } from '../../app/part.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo, raw, reading, refusal, resetRaw, setRaw } from '../../app/state.ts';
import { withSeldomStyle } from '../../app/styles.ts';
import { iconButton } from '../kit/buttons.ts';
import { nudge } from './nudge.ts';
import { shortened } from './shortened.ts';

/** The parameters as chips, where there is no room for the form. */
const chipsPart = part(() => withSeldomStyle(import('./chips.ts')));

/** What is wrong with values, in words. */
const problemsPart = part(() => import('./problem_text.ts'));

/** Whether the parameters that are seldom changed are unfolded. */
const moreOpen = signal(false);
/** The parameter whose help is shown: the one that has the focus. */
const helped = signal<string | null>(null);

const fieldId = (parameter: Parameter) => `field-${parameter.name}`;

/** An arrow key changes a number, and Enter runs with it. */
function onKey(parameter: NumberParameter, value: number, event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229) return; // Safari ends a composition with that code
  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    run();
    return;
  }
  const next = nudge(parameter, value, event);
  if (next === null) return;
  event.preventDefault();
  setRaw(parameter.name, String(next));
}

function numberField(parameter: NumberParameter, text: string, describedBy: string, invalid: boolean) {
  const read = readValue(parameter, text);
  const value = 'value' in read ? (read.value as number) : Number(text);
  const label = localised(parameter.label);
  const unit = localised(parameter.unit);
  return html`
    <div class="number-field">
      <input
        class="number"
        type="text"
        inputmode=${parameter.type === 'integer' ? 'numeric' : 'decimal'}
        autocomplete="off"
        spellcheck="false"
        id=${fieldId(parameter)}
        name=${parameter.name}
        .value=${text}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        @input=${(event: InputEvent) => setRaw(parameter.name, (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => onKey(parameter, value, event)}
      />
      ${unit ? html`<span class="unit">${unit}</span>` : nothing}
      ${
        hasSlider(parameter)
          ? html`<input
        class="slider"
        type="range"
        min="0"
        max=${sliderSteps}
        step="any"
        .value=${String(toSlider(parameter, Number.isFinite(value) ? value : parameter.default))}
        aria-label=${texts().form.slider(label)}
        aria-valuetext=${`${text} ${unit}`}
        @input=${(event: InputEvent) =>
          setRaw(parameter.name, String(fromSlider(parameter, Number((event.target as HTMLInputElement).value))))}
        @keydown=${(event: KeyboardEvent) => onKey(parameter, value, event)}
      />`
          : nothing
      }
    </div>
  `;
}

/** A few short words are chosen from faster when all can be seen. */
function fitsInRow({ choices }: ChoiceParameter): boolean {
  const width = choices.reduce((sum, { label }) => sum + [...localised(label)].reduce((w, sign) => w + (sign > '⺀' ? 2 : 1), 3), 0);
  return width <= 28;
}

function choiceField(parameter: ChoiceParameter, text: string, describedBy: string, invalid: boolean) {
  const known = parameter.choices.some(({ value }) => value === text);
  if (!known || !fitsInRow(parameter)) {
    return html`
      <select
        id=${fieldId(parameter)}
        name=${parameter.name}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        @change=${(event: Event) => setRaw(parameter.name, (event.target as HTMLSelectElement).value)}
      >
        ${known ? nothing : html`<option value=${text} selected>${shortened(text)}</option>`}
        ${parameter.choices.map(
          ({ value, label }) => html`<option value=${value} ?selected=${value === text}>${localised(label)}</option>`,
        )}
      </select>
    `;
  }
  return html`
    <div class="segmented choice" role="radiogroup" aria-labelledby=${`label-${parameter.name}`} aria-describedby=${describedBy}>
      ${parameter.choices.map(
        ({ value, label }, place) => html`<label>
          <input
            type="radio"
            id=${place === 0 ? fieldId(parameter) : `${fieldId(parameter)}-${value}`}
            name=${parameter.name}
            value=${value}
            .checked=${value === text}
            @change=${() => setRaw(parameter.name, value)}
          /><span>${localised(label)}</span>
        </label>`,
      )}
    </div>
  `;
}

function booleanField(parameter: BooleanParameter, text: string, describedBy: string, invalid: boolean) {
  const read = readValue(parameter, text);
  const on = 'value' in read && read.value === true;
  const t = texts().form;
  return html`
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        id=${fieldId(parameter)}
        name=${parameter.name}
        .checked=${on}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        aria-labelledby=${`label-${parameter.name}`}
        @change=${(event: Event) => setRaw(parameter.name, String((event.target as HTMLInputElement).checked))}
      /><span class="switch-track" aria-hidden="true"></span><span>${invalid ? text : on ? t.on : t.off}</span>
    </label>
  `;
}

function control(parameter: Parameter, text: string, describedBy: string, invalid: boolean) {
  switch (parameter.type) {
    case 'integer':
    case 'real':
      return numberField(parameter, text, describedBy, invalid);
    case 'choice':
      return choiceField(parameter, text, describedBy, invalid);
    case 'boolean':
      return booleanField(parameter, text, describedBy, invalid);
  }
}

function field(parameter: Parameter) {
  const t = texts().form;
  const text = rawText(parameter, raw.value);
  const problem = reading.value?.problems.get(parameter.name);
  const label = localised(parameter.label);
  const help = localised(parameter.help);
  const changed = !isDefault(parameter, text);
  const named = parameter.type === 'integer' || parameter.type === 'real';
  const range = named ? t.range(formatNumber(parameter.minimum, language.value), formatNumber(parameter.maximum, language.value)) : '';
  const isInSheet = sheet.value === '' || sheet.value === parameter.name;
  return html`
    <div class=${`field field-${parameter.type}${problem ? ' invalid' : ''}${isInSheet ? ' in-sheet' : ''}`} data-parameter=${parameter.name}>
      <div class="field-head">
        <label id=${`label-${parameter.name}`} for=${fieldId(parameter)}>${label}</label>
        ${
          changed
            ? iconButton('reset', t.reset(label), () => {
                resetRaw(parameter.name);
                document.getElementById(fieldId(parameter))?.focus();
              })
            : nothing
        }
      </div>
      ${control(parameter, text, `error-${parameter.name} help-${parameter.name}`, problem !== undefined)}
      <p class="error" id=${`error-${parameter.name}`} ?hidden=${!problem}>${problem ? (problemsPart()?.problemText(problem) ?? nothing) : nothing}</p>
      <p class="help" id=${`help-${parameter.name}`} ?hidden=${problem !== undefined}>${help}
        ${range ? html`<span class="range">${range}</span>` : nothing}</p>
    </div>
  `;
}

/** Where the form is a column: the help of the field that has the focus, below all of them so that none moves. */
function helpText() {
  const parameter = demo.value?.parameters.find(({ name }) => name === helped.value);
  const help = localised(parameter?.help);
  return help ? html`<p class="field-help" aria-hidden="true"><strong>${localised(parameter!.label)}</strong> ${help}</p>` : nothing;
}

function leaveSheet(): void {
  const name = sheet.value;
  sheet.value = null;
  document.getElementById(name ? `chip-${name}` : 'chip-all')?.focus();
}

/** The form that a demo's declaration describes. */
export function mount(root: HTMLElement): void {
  let shownFor: string | null = null;
  root.addEventListener('focusin', ({ target }) => {
    helped.value = (target as Element).closest<HTMLElement>('[data-parameter]')?.dataset.parameter ?? null;
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || sheet.value === null || layout.value === 'wide') return;
    event.stopPropagation();
    leaveSheet();
  });
  drawWhenChanged(() => {
    const t = texts();
    const shown = demo.value;
    if (!shown) return;
    const parameters = shown.parameters.filter((parameter) => applies(parameter, shown, raw.value));
    // Fields of another demo are other fields, not these with new labels.
    if (shownFor !== shown.id) render(nothing, root);
    shownFor = shown.id;
    const all = mainParameters(shown);
    const main = parameters.filter((parameter) => all.includes(parameter));
    const more = parameters.filter((parameter) => !all.includes(parameter));
    const options = more.filter((parameter) => isRunOption(parameter, shown));
    const isChanged = (parameter: Parameter) => !isDefault(parameter, rawText(parameter, raw.value));
    const changed = parameters.filter(isChanged).length;
    const moreChanged = more.filter(isChanged).length;
    const { problems } = reading.value!;
    // What needs correcting, or is being edited, is seen.
    const isOpen =
      moreOpen.value ||
      sheet.value === '' ||
      more.some(({ name }) => problems.has(name) || (layout.value !== 'wide' && sheet.value === name));
    root.toggleAttribute('data-sheet', sheet.value !== null);
    render(
      html`
        <form class="form" autocomplete="off" @submit=${(event: Event) => event.preventDefault()}>
          <div class="panel-head">
            <h2>${t.form.title}</h2>
            ${
              problems.size > 0
                ? html`<span class="count count-error">${t.form.toCorrect(problems.size)}</span>`
                : changed > 0
                  ? html`<span class="count">${t.form.changed(changed)}</span>`
                  : nothing
            }
            <div class="tools">
              ${iconButton('reset', t.form.resetAll, () => resetRaw(), { id: 'reset-all', disabled: changed === 0 })}
              ${iconButton('close', t.close, leaveSheet, { id: 'close-sheet' })}
            </div>
          </div>
          <div class="fields">${main.map(field)}</div>
          ${
            more.length > 0
              ? html`<details class="more" .open=${isOpen} @toggle=${(event: Event) => {
                  const { open } = event.target as HTMLDetailsElement;
                  if (open !== isOpen) moreOpen.value = open;
                }}>
                  <summary id="more-parameters">${t.form.more(more.length)}${moreChanged > 0 ? html` <span class="count">${t.form.changed(moreChanged)}</span>` : nothing}</summary>
                  <div class="fields">${more.filter((parameter) => !options.includes(parameter)).map(field)}</div>
                  ${
                    options.length > 0
                      ? html`<fieldset class="options"><legend>${t.form.options}</legend>${options.map(field)}</fieldset>`
                      : nothing
                  }
                </details>`
              : nothing
          }
          ${helpText()}
        </form>
      `,
      root,
    );
  });
  drawWhenChanged(() => {
    if (layout.value !== 'wide') chipsPart()?.drawChips(document.getElementById('chips')!);
  });
  effect(() => {
    void [demo.value, layout.value];
    sheet.value = null;
  });
  effect(() => {
    if (refusal.value?.reason === 'parameters') void import('./first_problem.ts').then(({ focusFirstProblem }) => focusFirstProblem());
  });
}
