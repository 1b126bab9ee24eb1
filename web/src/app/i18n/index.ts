import { batch, signal } from '@preact/signals-core';
import type { Language, Text } from '../catalogue.ts';
import { part } from '../part.ts';
import type { Messages } from './en.ts';

export const languages: { id: Language; name: string; tag: string }[] = [
  { id: 'en', name: 'English', tag: 'en' },
  { id: 'zh', name: '简体中文', tag: 'zh-Hans' },
];

/** A language is fetched when it is first chosen. */
const sources: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import('./en.ts')).en,
  zh: async () => (await import('./zh.ts')).zh,
};

const loaded = new Map<Language, Messages>();

/** Changes through `chooseLanguage` only, once the texts are there. */
export const language = signal<Language>('en');
const messages = signal<Messages | null>(null);

let chosen: Language = 'en';

/** Texts for what hardly ever goes wrong; null until they have come. */
export const troubles = part(() => import('./troubles.ts'));

export async function chooseLanguage(id: Language): Promise<void> {
  chosen = id;
  if (!loaded.has(id)) loaded.set(id, await sources[id]());
  // Another one may have been chosen while this one was on its way.
  if (chosen === id) {
    batch(() => {
      messages.value = loaded.get(id)!;
      language.value = id;
    });
  }
}

/** The page's texts in the language chosen. */
export function texts(): Messages {
  return messages.value!; // the page is not drawn before a language is there
}

/** Texts that a part of the page brings along, in the language chosen. */
export function inLanguage<T>(all: Record<Language, T>): T {
  return all[language.value];
}

/** A text of the catalogue in the language chosen. */
export function localised(text: Text | undefined): string {
  return text ? text[language.value] || text.en : '';
}

/** The language to begin with: the one asked for, else the first the browser's user reads. */
export function firstLanguage(asked: string | null, preferred: readonly string[]): Language {
  if (asked === 'en' || asked === 'zh') return asked;
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
