import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '../browsers/chromium.ts';
import { root } from './places.ts';

/** What sticks out of the page to the right, but for what can be scrolled by itself. */
export function tooWide(): string[] {
  const limit = document.documentElement.clientWidth + 0.5;
  const found: string[] = [];
  if (document.documentElement.scrollWidth > limit) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= limit || !(element as HTMLElement).checkVisibility?.()) continue;
    let around = element.parentElement;
    while (around && getComputedStyle(around).overflowX === 'visible') around = around.parentElement;
    if (!around || around === document.body || around === document.documentElement) {
      found.push(`${element.tagName} ${element.id || element.getAttribute('class')} ends at ${Math.round(box.right)}`);
    }
  }
  return found;
}

/** Does something with each tab of the pane below the picture chosen. */
export async function eachTab(page: Page, act: (tab: string) => Promise<void>): Promise<void> {
  for (const tab of await page.evaluate(() => weftTest.sight.tabs())) {
    await page.evaluate((id) => weftTest.sight.showTab(id), tab);
    await act(tab);
  }
}

/** Chooses the language, and waits until the page is in it. */
export async function setLanguage(page: Page, language: 'en' | 'zh'): Promise<void> {
  await page.evaluate(async (tag) => {
    weftTest.user.chooseLanguage(tag);
    await weftTest.wait.until('the language is there', () => document.documentElement.lang.startsWith(tag));
    await weftTest.wait.drawn();
  }, language);
}

interface Violation {
  id: string;
  impact: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What is used of axe-core, in the page. */
interface Axe {
  run(root: Document, options: { runOnly: string[] }): Promise<{ violations: Violation[] }>;
}

const axe = readFileSync(path.join(root, 'web', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

export async function checkAccessibility(page: Page, when: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    await weftTest.wait.drawn();
    // Half way from one colour to the other is no colour of the page.
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changing.map((transition) => transition.finished));
    const { violations: found } = await (globalThis as unknown as { axe: Axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return found;
  });
  const texts = violations.map(
    ({ id, impact, help, nodes }) =>
      `${id} (${impact}): ${help}\n${nodes
        .slice(0, 4)
        .map(({ target, failureSummary }) => `    ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`)
        .join('\n')}`,
  );
  if (texts.length > 0) throw new Error(`${when}:\n${texts.join('\n')}`);
}
