import { formatNumber } from '../../app/format.ts';
import { inLanguage, language, localised } from '../../app/i18n/index.ts';
import type { Parameter } from '../../app/catalogue.ts';
import type { Problem } from '../../app/parameters.ts';
import { shortened } from './shortened.ts';
import { formTexts } from './texts.ts';

/** What a parameter accepts, in words. */
export function acceptedText(parameter: Parameter): string {
  const t = inLanguage(formTexts);
  switch (parameter.type) {
    case 'integer':
    case 'real': {
      const [least, most] = [parameter.minimum, parameter.maximum].map((value) => formatNumber(value, language.value));
      return parameter.type === 'integer' ? t.takesInteger(least!, most!) : t.takesReal(least!, most!);
    }
    case 'choice':
      return parameter.choices.map(({ value }) => value).join(', ');
    case 'boolean':
      return t.takesSwitch;
  }
}

/** Names the parameter, what it got and what it takes. */
export function problemText({ parameter, kind, raw }: Problem): string {
  const t = inLanguage(formTexts).problems;
  const [label, accepted] = [localised(parameter.label), acceptedText(parameter)];
  return kind === 'empty' ? t.empty(label, accepted) : t[kind](label, shortened(raw), accepted);
}
