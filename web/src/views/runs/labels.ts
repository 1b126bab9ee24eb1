import type { Demo, Parameter } from '../../app/catalogue.ts';
import { formatNumber } from '../../app/format.ts';
import { inLanguage, language, localised, texts } from '../../app/i18n/index.ts';
import { nonDefaults } from '../../app/parameters.ts';
import type { Value } from '../../app/parameters.ts';
import type { Source } from '../../app/moment.ts';
import { runsTexts } from './texts.ts';

/** Runs and their parameters in words. */

const tag = () => (language.value === 'zh' ? 'zh-Hans-CN' : 'en');

/** When a run was made: the time of day, with the day unless it is today. */
export function whenOf(date: string): string {
  const time = new Date(date);
  if (Number.isNaN(time.getTime())) return date || '–';
  const isToday = time.toDateString() === new Date().toDateString();
  return time.toLocaleString(tag(), { timeStyle: 'medium', ...(isToday ? {} : { dateStyle: 'medium' }) });
}

export function valueText(parameter: Parameter | undefined, value: string): string {
  switch (parameter?.type) {
    case 'choice':
      return localised(parameter.choices.find((choice) => choice.value === value)?.label) || value;
    case 'boolean':
      return value === 'true' || value === '1' ? texts().form.on : texts().form.off;
    case 'integer':
    case 'real': {
      const unit = localised(parameter.unit);
      return `${Number.isFinite(Number(value)) ? formatNumber(Number(value), language.value) : value}${unit ? ` ${unit}` : ''}`;
    }
    default:
      return value;
  }
}

export const parameterLabel = (demo: Demo, name: string): string =>
  localised(demo.parameters.find((parameter) => parameter.name === name)?.label) || name;

export const parameterValue = (demo: Demo, name: string, value: string): string =>
  valueText(
    demo.parameters.find((parameter) => parameter.name === name),
    value,
  );

/** Parameters that are not the demo's defaults. */
export function parametersText(demo: Demo, parameters: Readonly<Record<string, Value>>): string {
  const raw = new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const changed = [...nonDefaults(demo, raw)].map(([name, value]) => `${parameterLabel(demo, name)} ${parameterValue(demo, name, value)}`);
  return changed.join(', ') || inLanguage(runsTexts).defaults;
}

interface Named {
  readonly demo: Demo;
  readonly source: Source;
  readonly header: { readonly date: string; readonly parameters: Readonly<Record<string, Value>> };
}

export function runLabel({ demo, source, header }: Named): string {
  const when = source === 'recorded' ? inLanguage(runsTexts).recorded : whenOf(header.date);
  return `${when} · ${parametersText(demo, header.parameters)}`;
}
