import { formatInteger } from '../../app/format.ts';
import { language, texts } from '../../app/i18n/index.ts';
import type { ConsoleLines } from '../../folds/console.ts';
import { say } from '../kit/announce.ts';
import { copyText } from '../kit/clipboard.ts';
import type { FilteredLines } from './lines.ts';

/** Copies the lines that the filter lets through. */
export async function copyLines(printed: ConsoleLines, found: FilteredLines): Promise<void> {
  const count = found.count(printed);
  const all: string[] = [];
  for (let row = 0; row < count; row += 1) all.push(printed.texts.at(found.at(row))!);
  const t = texts();
  say((await copyText(`${all.join('\n')}\n`)) ? t.console.copied(formatInteger(count, language.value)) : t.link.failed);
}
