import { formatDuration, formatPercent } from '../../app/format.ts';
import { inLanguage, language, texts } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';
import { parameterLabel, parameterValue } from '../../app/parameter_texts.ts';
import { endingText } from '../kit/ending_text.ts';
import { findingOf } from './differences.ts';
import type { Differences } from './differences.ts';
import { runsTexts } from './texts.ts';

const time = (value: number) => formatDuration(value, language.value);

/** What of the parameters was changed from A to B. */
function changes({ demo }: Moment, { parameters }: Differences): string {
  const t = inLanguage(runsTexts);
  if (parameters.length === 0) return t.unchanged;
  const value = (name: string, text: string | undefined) => (text === undefined ? '–' : parameterValue(demo, name, text));
  const list = parameters.map(({ name, a, b }) => `${parameterLabel(demo, name)} ${value(name, a)} → ${value(name, b)}`);
  return t.changed(list.join(language.value === 'zh' ? '，' : ', '));
}

/** The differences of two runs in a sentence or two, of which the traces tell every word. */
export function sentencesOf(a: Moment, b: Moment, differences: Differences): string[] {
  const t = inLanguage(runsTexts);
  const { length } = differences;
  const found = findingOf(differences);
  const said = [changes(b, differences)];
  if (found.time === null) return [...said, t.endings(endingText(a), endingText(b))];
  const share = formatPercent(Math.abs(length.b - length.a) / length.a, language.value);
  if (found.time === 'same') said.push(t.same(time(length.b), time(length.a)));
  else said.push((found.time === 'less' ? t.less : t.more)(time(length.b), share, time(length.a)));
  if (!found.part) return said;
  const { category, of } = found.part;
  said.push(t.part(texts().states[category], time(found.part.b), time(found.part.a)));
  if (of !== '') said.push(t.partAt(of));
  return said;
}
