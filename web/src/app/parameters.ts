/**
 * Raw texts of the form's fields, what they mean, and what is wrong with them. A field keeps what was typed:
 * nothing is clamped or replaced, a text that is not accepted is a problem with a name.
 */

import type { Demo, NumberParameter, Parameter } from './catalogue.ts';

export type Value = number | string | boolean;

/** Text of every field by the parameter's name; a missing name means the default. */
export type RawValues = ReadonlyMap<string, string>;

export type ProblemKind = 'empty' | 'not-a-number' | 'not-whole' | 'too-small' | 'too-large' | 'not-a-choice' | 'not-a-switch';

export interface Problem {
  parameter: Parameter;
  kind: ProblemKind;
  raw: string;
}

export interface Reading {
  /** What the run gets: only parameters that apply, with values that are accepted. */
  values: Map<string, Value>;
  problems: Map<string, Problem>;
}

export function defaultText(parameter: Parameter): string {
  return String(parameter.default);
}

export function rawText(parameter: Parameter, raw: RawValues): string {
  return raw.get(parameter.name) ?? defaultText(parameter);
}

/** The core reads numbers by the same grammar (`demos::parse_number`); `tests/numbers.json` is the table that both are tested by. */
const decimal = /^[\t-\r ]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[\t-\r ]*$/i;

export function readValue(parameter: Parameter, raw: string): { value: Value } | { problem: Problem } {
  const refuse = (kind: ProblemKind) => ({ problem: { parameter, kind, raw } });
  const text = raw.trim();
  switch (parameter.type) {
    case 'integer':
    case 'real': {
      if (text === '') return refuse('empty');
      if (!decimal.test(raw)) return refuse('not-a-number');
      const value = Number(text);
      if (!Number.isFinite(value)) return refuse('not-a-number');
      if (parameter.type === 'integer' && !Number.isInteger(value)) return refuse('not-whole');
      if (value < parameter.minimum) return refuse('too-small');
      if (value > parameter.maximum) return refuse('too-large');
      return { value };
    }
    case 'choice':
      return parameter.choices.some((choice) => choice.value === text) ? { value: text } : refuse('not-a-choice');
    case 'boolean':
      if (text === 'true' || text === '1') return { value: true };
      if (text === 'false' || text === '0') return { value: false };
      return refuse('not-a-switch');
  }
}

/** Whether the parameter means something, given the others. */
export function applies(parameter: Parameter, demo: Demo, raw: RawValues): boolean {
  const when = parameter.when;
  if (!when) return true;
  const other = demo.parameters.find((candidate) => candidate.name === when.name);
  if (!other) return true;
  if (!applies(other, demo, raw)) return false;
  const reading = readValue(other, rawText(other, raw));
  return 'value' in reading && String(reading.value) === String(when.is);
}

/** Most parameters that are seen at once. */
const mostMain = 6;

/** They say how it is run or how much chance there is, not what is done. */
const seldomChanged = new Set(['seed', 'spread', 'compare']);

/** Whether the parameter is one that every demo has. One that a demo declares itself, as that about the GIL does, is its own. */
export function isRunOption({ name }: Parameter, { parameters }: Demo): boolean {
  const isCommon = parameters.some((each) => each.name === 'gil' && each.type === 'boolean');
  return isCommon && (name === 'gil' || name === 'switch_interval');
}

const unitOf = (parameter: Parameter | undefined) => (parameter && 'unit' in parameter ? parameter.unit?.en : undefined);

/**
 * The parameters that matter, in the order of the declaration: the first six that are not seldom changed. Two times in a row
 * belong together and are not parted. Those that mean something only with a certain value of another are not counted.
 */
export function mainParameters(demo: Demo): Parameter[] {
  const own = demo.parameters.filter((parameter) => !isRunOption(parameter, demo) && !seldomChanged.has(parameter.name));
  const counted = own.filter(({ when }) => !when);
  let end = Math.min(mostMain, counted.length);
  if (end < counted.length && unitOf(counted[end - 1]) === 'ms' && unitOf(counted[end]) === 'ms') end -= 1;
  const last = end < counted.length ? own.indexOf(counted[end]!) : own.length;
  return own.slice(0, last);
}

export function readAll(demo: Demo, raw: RawValues): Reading {
  const values = new Map<string, Value>();
  const problems = new Map<string, Problem>();
  for (const parameter of demo.parameters) {
    if (!applies(parameter, demo, raw)) continue;
    const reading = readValue(parameter, rawText(parameter, raw));
    if ('value' in reading) values.set(parameter.name, reading.value);
    else problems.set(parameter.name, reading.problem);
  }
  return { values, problems };
}

/** Whether the field still says what the demo declares (`4.0` says the same as `4`). */
export function isDefault(parameter: Parameter, raw: string): boolean {
  const reading = readValue(parameter, raw);
  return 'value' in reading && reading.value === parameter.default;
}

/** Signs of a field's text that go into a link: no value is longer, and what was pasted may be. */
const mostSigns = 40;

/** Only what differs from the defaults, in the order of the declaration. */
export function nonDefaults(demo: Demo, raw: RawValues): Map<string, string> {
  const kept = new Map<string, string>();
  for (const parameter of demo.parameters) {
    const text = raw.get(parameter.name);
    if (text !== undefined && !isDefault(parameter, text)) {
      // Cut off it is still refused.
      kept.set(parameter.name, text.length > mostSigns ? `${text.slice(0, mostSigns)}…` : text);
    }
  }
  return kept;
}

/*
 * Sliders. A range of three orders of magnitude or more is walked logarithmically, or its useful small values would
 * share one pixel. Zero is allowed at the left end: the curve is log(1 + x/unit) with the smallest useful step as unit.
 */

export const sliderSteps = 1000;

/** A range too wide for a slider, such as a seed's. */
export function hasSlider(parameter: NumberParameter): boolean {
  return parameter.maximum - parameter.minimum <= 10_000_000;
}

export function isLogarithmic(parameter: Parameter): boolean {
  if (parameter.type !== 'integer' && parameter.type !== 'real') return false;
  return parameter.minimum >= 0 && parameter.maximum - parameter.minimum >= 500;
}

function curveUnit(minimum: number, maximum: number): number {
  return Math.max(minimum, maximum / 10_000);
}

export function toSlider(parameter: Parameter, value: number): number {
  if (parameter.type !== 'integer' && parameter.type !== 'real') return 0;
  const { minimum, maximum } = parameter;
  const inside = Math.min(maximum, Math.max(minimum, value));
  if (!isLogarithmic(parameter)) return ((inside - minimum) / (maximum - minimum || 1)) * sliderSteps;
  const unit = curveUnit(minimum, maximum);
  return (Math.log1p((inside - minimum) / unit) / Math.log1p((maximum - minimum) / unit)) * sliderSteps;
}

/** The value at a slider's position, rounded to two significant digits. */
export function fromSlider(parameter: Parameter, position: number): number {
  if (parameter.type !== 'integer' && parameter.type !== 'real') return 0;
  const { minimum, maximum } = parameter;
  const share = Math.min(1, Math.max(0, position / sliderSteps));
  if (share === 0) return minimum;
  if (share === 1) return maximum;
  let value: number;
  let step: number;
  if (isLogarithmic(parameter)) {
    const unit = curveUnit(minimum, maximum);
    value = minimum + unit * Math.expm1(share * Math.log1p((maximum - minimum) / unit));
    step = 10 ** (Math.floor(Math.log10(Math.max(value, unit))) - 1);
  } else {
    value = minimum + share * (maximum - minimum);
    step = 10 ** Math.floor(Math.log10((maximum - minimum) / 100));
  }
  if (parameter.type === 'integer') step = Math.max(1, step);
  const rounded = Number((Math.round(value / step) * step).toPrecision(12));
  return Math.min(maximum, Math.max(minimum, rounded));
}
