import { effect, untracked } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import type { BooleanParameter, ChoiceParameter, NumberParameter, Parameter } from '../../app/catalogue.ts';
import { formatNumber } from '../../app/format.ts';
import { language, localised, texts } from '../../app/i18n/index.ts';
import { applies, fromSlider, hasSlider, isDefault, rawText, readValue, sliderSteps, toSlider } from '../../app/parameters.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { demo, raw, reading, refusal, resetRaw, setRaw } from '../../app/state.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { problemText, shortened } from './problem_text.ts';
import { nudge } from './nudge.ts';

/** Parameters that every demo has: they say how it is run, not what it does. */
const runOptions = new Set(['gil', 'switch_interval']);

const fieldId = (parameter: Parameter) => `field-${parameter.name}`;

/** Moves the focus to the first field whose value is not accepted. */
function focusFirstProblem(): void {
  const first = reading.value?.problems.keys().next().value;
  if (first === undefined) return;
  const field = document.getElementById(`field-${first}`);
  field?.closest('details')?.setAttribute('open', '');
  field?.focus();
  field?.scrollIntoView({ block: 'nearest' });
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
        @keydown=${(event: KeyboardEvent) => {
          const next = nudge(parameter, value, event);
          if (next === null) return;
          event.preventDefault();
          setRaw(parameter.name, String(next));
        }}
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
        @keydown=${(event: KeyboardEvent) => {
          const next = nudge(parameter, value, event);
          if (next === null) return;
          event.preventDefault();
          setRaw(parameter.name, String(next));
        }}
      />`
          : nothing
      }
    </div>
  `;
}

/** A few short words are chosen from faster when all can be seen. */
function fitsInRow({ choices }: ChoiceParameter): boolean {
  const width = choices.reduce((sum, { label }) => sum + [...localised(label)].reduce((w, sign) => w + (sign > '⺀' ? 2 : 1), 3), 0);
  return width <= 32;
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
  return html`
    <div class=${`field field-${parameter.type}${problem ? ' invalid' : ''}`} data-parameter=${parameter.name}>
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
      <p class="error" id=${`error-${parameter.name}`} ?hidden=${!problem}>${problem ? problemText(problem) : nothing}</p>
      <p class="help" id=${`help-${parameter.name}`} ?hidden=${problem !== undefined}>${help}
        ${range ? html`<span class="range">${range}</span>` : nothing}</p>
    </div>
  `;
}

/** The form that a demo's declaration describes. */
export function mount(root: HTMLElement): void {
  const narrow = matchMedia('(max-width: 719px)');
  let shownFor: string | null = null;
  drawWhenChanged(() => {
    const t = texts();
    const shown = demo.value;
    if (!shown) return;
    const parameters = shown.parameters.filter((parameter) => applies(parameter, shown, raw.value));
    // Fields of another demo are other fields, not these with new labels.
    if (shownFor !== shown.id) render(nothing, root);
    const options = parameters.filter(({ name }) => runOptions.has(name));
    const changed = parameters.filter((parameter) => !isDefault(parameter, rawText(parameter, raw.value))).length;
    const problems = reading.value?.problems.size ?? 0;
    render(
      html`
        <div class="panel form">
          <details ?open=${!narrow.matches}>
            <summary class="panel-head">
              <h2>${t.form.title}</h2>
              ${
                problems > 0
                  ? html`<span class="count count-error">${t.form.toCorrect(problems)}</span>`
                  : changed > 0
                    ? html`<span class="count">${t.form.changed(changed)}</span>`
                    : nothing
              }
            </summary>
            <form class="fields" autocomplete="off" @submit=${(event: Event) => event.preventDefault()}>
              ${parameters.filter(({ name }) => !runOptions.has(name)).map(field)}
              ${
                options.length > 0
                  ? html`<fieldset class="options"><legend>${t.form.options}</legend>${options.map(field)}</fieldset>`
                  : nothing
              }
            </form>
          </details>
          ${quietButton('reset', t.form.resetAll, () => resetRaw(), { id: 'reset-all', disabled: changed === 0 })}
        </div>
      `,
      root,
    );
    // Open or folded is the reader's choice from then on.
    if (shownFor === null) root.querySelector('details')!.open = !narrow.matches;
    shownFor = shown.id;
  });
  effect(() => {
    if (refusal.value?.reason === 'parameters') untracked(focusFirstProblem);
  });
}
