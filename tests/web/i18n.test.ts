import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { en } from '../../web/src/app/i18n/en.ts';
import { firstLanguage } from '../../web/src/app/i18n/index.ts';
import { isolationTroubles, startTroubles } from '../../web/src/app/i18n/troubles.ts';
import { zh } from '../../web/src/app/i18n/zh.ts';
import { waitingTexts } from '../../web/src/views/kit/waiting_texts.ts';
import { Reason } from '../../web/src/trace/kinds.ts';

/** Texts by their path; functions are called with signs that must come out again. */
function textsOf(messages: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(messages)) {
    if (typeof value === 'string') found.set(path + name, value);
    else if (typeof value === 'function') found.set(path + name, String(value('‹1›', '‹2›', '‹3›')));
    else for (const [inner, text] of textsOf(value as object, `${path}${name}.`)) found.set(inner, text);
  }
  return found;
}

/** Texts that views bring along, by the folder. */
const views = fileURLToPath(new URL('../../web/src/views', import.meta.url));
const brought: Record<'en' | 'zh', Record<string, object>> = { en: {}, zh: {} };
for (const folder of await readdir(views)) {
  if (!existsSync(`${views}/${folder}/texts.ts`)) continue;
  const [texts] = Object.values((await import(`${views}/${folder}/texts.ts`)) as Record<string, Record<'en' | 'zh', object>>);
  brought.en[folder] = texts!.en;
  brought.zh[folder] = texts!.zh;
}

brought.en.kit = waitingTexts.en;
brought.zh.kit = waitingTexts.zh;

const [english, chinese] = [textsOf({ ...en, views: brought.en }), textsOf({ ...zh, views: brought.zh })];

test('both languages have the same texts', () => {
  assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort());
});

test('no text is empty, and none has lost a figure', () => {
  for (const [name, text] of english) {
    const other = chinese.get(name)!;
    assert.notEqual(text.trim(), '', name);
    assert.notEqual(other.trim(), '', name);
    for (const sign of ['‹1›', '‹2›', '‹3›']) {
      // Counts come twice, as a number for the plural and as a text.
      if (/lines$|tiles$|every$|liveHint$|toCorrect$|changed$|checks$|timeline\.(label|hidden)$|form\.more$/.test(name)) continue;
      assert.equal(other.includes(sign), text.includes(sign), `${name}: ${sign} in “${text}” and “${other}”`);
    }
  }
});

test('Chinese texts are Chinese', () => {
  const same = new Set([
    'name',
    'views.demos.topics.asyncio',
    'form.range',
    'run.progressOf',
    'views.gil.title',
    'views.deadlock.and',
    'views.deadlock.stop',
    'views.moment.and',
  ]);
  for (const [name, text] of chinese) {
    if (same.has(name)) continue;
    assert.match(text, /\p{Script=Han}/u, `${name}: ${text}`);
    assert.doesNotMatch(text, /\p{Script=Han}[,;?!]\s*\p{Script=Han}/u, `${name} has Western punctuation between Chinese words`);
  }
});

test('every reason for waiting has a text', () => {
  for (const reason of Object.keys(Reason)) assert.ok(reason in waitingTexts.en.reasons && reason in waitingTexts.zh.reasons, reason);
});

test('troubles are told in both languages', () => {
  const texts = [
    ...Object.values(isolationTroubles).flatMap((trouble) => [trouble!.why, trouble!.whatToDo]),
    ...Object.values(startTroubles).map((text) => text!),
  ];
  for (const { en: inEnglish, zh: inChinese } of texts) {
    assert.match(inEnglish, /^[A-Z].*\.$/s);
    assert.match(inChinese, /\p{Script=Han}.*。$/su);
  }
});

test('no text is there for nothing', async () => {
  const folders = ['app', 'views', 'workspace'].map((name) => fileURLToPath(new URL(`../../web/src/${name}`, import.meta.url)));
  let source = '';
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true })) {
      if (entry.endsWith('.ts') && !entry.includes('i18n') && !entry.endsWith('texts.ts'))
        source += await readFile(`${folder}/${entry}`, 'utf8');
    }
  }
  // These are looked up by a name that comes from elsewhere.
  const looked =
    /^(states|panes|(views\.help\.)?commands|views\.form\.problems|header\.themes|views\.demos\.topics|views\.kit\.reasons|views\.locks\.types|views\.moment\.records|views\.runs\.(sections|outcomes))\./;
  for (const name of english.keys()) {
    if (looked.test(name)) continue;
    const last = name.split('.').at(-1)!;
    assert.match(source, new RegExp(`\\.${last}\\b`), `${name} is not used`);
  }
});

test('the first language is the one asked for, else the reader’s', () => {
  assert.equal(firstLanguage('zh', ['en']), 'zh');
  assert.equal(firstLanguage(null, ['fr', 'zh-CN', 'en']), 'zh');
  assert.equal(firstLanguage('tlh', ['de', 'en-GB']), 'en');
  assert.equal(firstLanguage(null, []), 'en');
});
