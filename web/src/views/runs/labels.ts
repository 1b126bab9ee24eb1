import type { Demo } from '../../app/catalogue.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';
import { nonDefaults } from '../../app/parameters.ts';
import type { Value } from '../../app/parameters.ts';
import { parameterList } from '../../app/parameter_texts.ts';
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

/** Parameters that are not the demo's defaults. */
export function parametersText(demo: Demo, parameters: Readonly<Record<string, Value>>): string {
  const raw = new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return parameterList(demo, nonDefaults(demo, raw)) || inLanguage(runsTexts).defaults;
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
