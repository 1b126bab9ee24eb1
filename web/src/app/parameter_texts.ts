import type { Demo, Parameter } from './catalogue.ts';
import { formatNumber } from './format.ts';
import { inLanguage, language, localised, texts } from './i18n/index.ts';

/** Parameters and their values in words. */

function valueText(parameter: Parameter | undefined, value: string): string {
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

const find = ({ parameters }: Demo, name: string) => parameters.find((parameter) => parameter.name === name);

export const parameterLabel = (demo: Demo, name: string): string => localised(find(demo, name)?.label) || name;

export const parameterValue = (demo: Demo, name: string, value: string): string => valueText(find(demo, name), value);

const comma = { en: ', ', zh: '，' };

/** Names with their values, in a row. */
export function parameterList(demo: Demo, values: ReadonlyMap<string, string>): string {
  return [...values].map(([name, value]) => `${parameterLabel(demo, name)} ${parameterValue(demo, name, value)}`).join(inLanguage(comma));
}
