import type { Page } from '../browsers/chromium.ts';
import { equal, holds, matches } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, tooWide } from '../kit/inspection.ts';
import type { Part } from '../kit/part.ts';

const small = '#v1/producer-consumer?items=40&produce_ms=2&consume_ms=2';
const picture = '#v1/thread-pool?workers=3&tasks=8&cost=1&compare=false';

/** Runs that between them show every view there is. */
const allViews = [
  '#v1/deadlock',
  '#v1/race?increments=1000',
  '#v1/gil?points=20',
  '#v1/dining-philosophers?meals=20',
  '#v1/map-as-completed?cost_ms=5',
  '#v1/hello-processes',
  '#v1/process-endings?patience=0&work_ms=0',
  '#v1/process-pool?job_ms=5',
  '#v1/pool-map?numbers=100',
  '#v1/pipe-ping-pong?rounds=100',
  '#v1/mandelbrot-processes?passes=1',
  '#v1/word-count?copies=2',
];

const run = (page: Page) => page.evaluate(() => weftTest.runs.runToTheEnd());
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

async function tabTo(page: Page, id: string): Promise<void> {
  for (let stops = 0; (await focused(page)) !== id; stops += 1) {
    holds(stops < 80, `#${id} is reached with Tab`);
    await page.keyboard.press('Tab');
  }
}

/** How the page is to be read and used, in Chromium. */
export const page: Part = async (context) => {
  await chromiumTest(context, 'the keyboard is enough', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer?produce_ms=5&consume_ms=5');
    await page.keyboard.press('Tab');
    equal(await focused(page), 'skip', 'the first stop');
    await page.keyboard.press('Enter');
    equal(await focused(page), 'run', 'where the first stop leads');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(page, 'field-items');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('60');
    await tabTo(page, 'field-seed');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Control+Enter');
    await page.evaluate(() => weftTest.wait.until('it runs', () => weftTest.sight.root().state === 'running'));
    await page.evaluate(() => weftTest.sight.untilIdle());
    equal(await page.evaluate(() => weftTest.sight.root().exitCode), '0', 'exit status');
    equal(await page.evaluate(() => [weftTest.sight.results().consumed, weftTest.sight.fieldText('seed')]), ['60', '2'], 'items and seed');
    equal(await focused(page), 'field-seed', 'the focus after the run');
    // The button, too.
    await tabTo(page, 'run');
    await page.keyboard.press('Enter');
    await page.evaluate(() => weftTest.wait.until('it runs', () => weftTest.sight.root().state === 'running'));
    equal(await focused(page), 'run', 'the focus while it runs');
    await page.keyboard.press('Escape');
    await page.evaluate(() => weftTest.sight.untilIdle());
    equal(await page.evaluate(() => weftTest.sight.root().exitCode), '130', 'exit status after Esc');
    equal(await focused(page), 'run', 'the focus after Esc');
    // Nothing holds the focus: it gets to the end of the page.
    await tabTo(page, 'notes-panel');
  });

  await chromiumTest(context, 'nothing sticks out at 390 pixels', {}, async ({ page, open }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const hash of [small, picture]) {
      for (const language of ['en', 'zh'] as const) {
        const check = async (when: string) => {
          await page.evaluate(() => weftTest.wait.drawn());
          equal(await page.evaluate(tooWide), [], `${hash} in ${language}, ${when}`);
        };
        await open(hash);
        await page.evaluate((tag) => weftTest.user.chooseLanguage(tag), language);
        await page.evaluate(
          (tag) => weftTest.wait.until('the language is there', () => document.documentElement.lang.startsWith(tag)),
          language,
        );
        await check('before a run');
        await page.evaluate(() => weftTest.runs.startRun());
        await check('while it runs');
        await page.evaluate(() => weftTest.sight.untilIdle());
        await check('after it');
        await page.evaluate(async () => {
          for (const details of document.querySelectorAll('details')) details.open = true;
          weftTest.user.click('timeline-table');
          await weftTest.wait.drawn();
        });
        await check('with everything open');
        await page.evaluate(async () => {
          await weftTest.user.fill(weftTest.sight.hasField('items') ? 'items' : 'tasks', '99999999999');
          await weftTest.wait.drawn();
        });
        await check('with an error');
        await page.evaluate(() => {
          weftTest.user.click('show-help');
          return weftTest.sight.untilLoaded();
        });
        await check('with the help');
        await page.reload();
      }
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    await open(small);
    await run(page);
    equal(await page.evaluate(tooWide), [], 'at 1920 pixels');
  });

  await chromiumTest(context, 'accessibility', { limit: 300_000 }, async ({ page, open }) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const hash of [small, picture]) {
        await open(hash);
        await page.reload(); // without what was run before
        const when = (what: string) => `${hash}, ${scheme}, ${what}`;
        await page.evaluate(() => weftTest.wait.until('a recorded run is there', () => weftTest.sight.root().source === 'recorded'));
        await checkAccessibility(page, when('recorded'));
        await run(page);
        await checkAccessibility(page, when('after a run'));
        await page.evaluate(() => weftTest.user.click('timeline-table'));
        await checkAccessibility(page, when('as a table'));
        await page.evaluate(() => weftTest.user.fill('seed', 'x'));
        await checkAccessibility(page, when('with an error'));
        await page.evaluate(() => weftTest.user.chooseLanguage('zh'));
        await page.evaluate(() => weftTest.wait.until('it is Chinese', () => document.documentElement.lang.startsWith('zh')));
        await checkAccessibility(page, when('in Chinese'));
        await page.evaluate(() => weftTest.user.chooseLanguage('en'));
        await page.evaluate(() => weftTest.wait.until('it is English', () => document.documentElement.lang.startsWith('en')));
        await page.evaluate(() => {
          weftTest.user.click('show-help');
          return weftTest.sight.untilLoaded();
        });
        await checkAccessibility(page, when('with the help'));
      }
      await open('#v1/endless-loop?what=wait');
      await page.evaluate(() => weftTest.runs.startRun());
      await checkAccessibility(page, `${scheme}, while it runs`);
    }
  });

  for (const [colorScheme, width] of [
    ['light', 390],
    ['dark', 1280],
  ] as const) {
    await chromiumTest(context, `every view can be read, ${colorScheme}, ${width} pixels wide`, {}, async ({ page, open }) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      for (const hash of allViews) {
        await open(hash);
        await page.evaluate(async () => {
          weftTest.user.chooseLanguage('en');
          await weftTest.runs.startRun();
          await weftTest.sight.untilIdle();
        });
        for (const language of ['en', 'zh'] as const) {
          await page.evaluate(async (tag) => {
            weftTest.user.chooseLanguage(tag);
            await weftTest.wait.until('the language is there', () => document.documentElement.lang.startsWith(tag));
            await weftTest.wait.drawn();
          }, language);
          equal(await page.evaluate(tooWide), [], `what sticks out, ${hash}, ${language}`);
          await checkAccessibility(page, `${hash}, ${language}`);
        }
      }
    });
  }

  await chromiumTest(
    context,
    'no other origin is asked, nothing inline is allowed',
    { expects: [/inline script/] },
    async ({ page, open, chromium, server }) => {
      const elsewhere: string[] = [];
      chromium.context.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(server.address()) && !/^(data|blob):/.test(url)) elsewhere.push(url);
      });
      for (const hash of [small, picture]) {
        await open(hash);
        await run(page);
        await page.evaluate(async () => {
          const tabs = [...document.querySelectorAll<HTMLElement>('#notes [role="tab"]')];
          for (const tab of tabs) {
            tab.click();
            await weftTest.wait.pause(300);
          }
          weftTest.user.chooseLanguage('zh');
          await weftTest.wait.pause(300);
          weftTest.user.chooseLanguage('en');
          weftTest.user.click('theme');
          weftTest.user.click('copy-link');
          await weftTest.wait.pause(300);
        });
      }
      equal(elsewhere, [], 'requests to other origins');
      const policy = await page.evaluate(
        () => document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')!.content,
      );
      const directives = new Map(
        policy
          .split(';')
          .map((text) => text.trim().split(/\s+/))
          .map(([name, ...sources]) => [name!, sources]),
      );
      equal(
        directives.get('default-src'),
        ['none'].map((word) => `'${word}'`),
        'default-src',
      );
      equal(directives.get('script-src'), [`'self'`, `'wasm-unsafe-eval'`], 'script-src');
      for (const [name, sources] of directives) {
        for (const source of sources) matches(source, /^('(none|self|wasm-unsafe-eval)'|data:|blob:)$/, `source of ${name}`);
      }
      // The policy holds: what it forbids does not happen.
      const broken = await page.evaluate(async () => {
        const violation = new Promise<string>((resolve) =>
          addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true }),
        );
        const script = document.createElement('script');
        script.textContent = 'globalThis.wasRun = true';
        document.head.append(script);
        return [await violation, 'wasRun' in globalThis];
      });
      equal(broken, ['script-src-elem', false], 'an inline script');
    },
  );
};
