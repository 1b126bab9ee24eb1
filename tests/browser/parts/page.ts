import type { Page } from '../browsers/chromium.ts';
import { equal, holds, matches, within } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, eachTab, setLanguage, tooWide } from '../kit/inspection.ts';
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

/** The middle of an element. */
async function middle(page: Page, selector: string): Promise<[x: number, y: number]> {
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  return [x + width / 2, y + height / 2];
}

async function tabTo(page: Page, id: string): Promise<void> {
  for (let stops = 0; (await focused(page)) !== id; stops += 1) {
    holds(stops < 80, `#${id} is reached with Tab`);
    await page.keyboard.press('Tab');
  }
}

/** Windows in which everything is on the first screen. */
const screens = [
  [1440, 900],
  [1024, 768],
] as const;

/** Whether the middle of the element's first line, or of the element if it has none, is what one sees there. */
function isInSight(selector: string): boolean {
  return [...document.querySelectorAll<HTMLElement>(selector)].some((element) => {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 10)];
    const found = document.elementFromPoint(x, y);
    return box.width > 0 && box.height > 0 && found !== null && (element.contains(found) || found.contains(element));
  });
}

/** What of the first screen one has to look for. */
async function missing(page: Page, parts: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, selector] of Object.entries(parts)) if (!(await page.evaluate(isInSight, selector))) found.push(name);
  return found;
}

/** Rows of the timeline that are out of sight without a cue. */
function hiddenRows(): string[] {
  const lanes = document.querySelector<HTMLElement>('#timeline .lanes')!.getBoundingClientRect();
  const cue = document.querySelector<HTMLElement>('#timeline .cue-below')!;
  if (cue.checkVisibility() && /\d/.test(cue.textContent!)) return [];
  return [...document.querySelectorAll<HTMLElement>('#timeline :is(.names li, .lanes .track)')]
    .filter((row) => row.getBoundingClientRect().bottom > lanes.bottom + 4)
    .map((row) => row.textContent!.trim());
}

/** How the page is to be read and used, in Chromium. */
export const page: Part = async (context) => {
  await chromiumTest(context, 'from a parameter to its effect it takes two actions and no scrolling', {}, async ({ page, open }) => {
    for (const [width, height] of screens) {
      await page.setViewportSize({ width, height });
      await page.goto('about:blank');
      await open('#v1/producer-consumer');
      await page.evaluate(() => weftTest.wait.until('a recorded run is there', () => weftTest.sight.root().source === 'recorded'));
      await page.evaluate(() => weftTest.wait.drawn());
      await page.evaluate(() => {
        const noted = globalThis as unknown as { scrolled: string[] };
        noted.scrolled = [];
        addEventListener('wheel', (event) => noted.scrolled.push(`wheel on ${(event.target as Element).id}`), { capture: true });
        document.addEventListener('scroll', () => noted.scrolled.push('the page'), { capture: false });
      });
      const control = width >= 1200 ? '[data-parameter="capacity"] [type="range"]' : '#chip-capacity';
      equal(await missing(page, { control, run: '#run' }), [], `what is out of sight before, at ${width}`);
      // First action: another value, with one drag.
      const box = (await page.locator(control).boundingBox())!;
      const from = width >= 1200 ? 0.32 : 0.5;
      await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * from + 80, box.y + box.height / 2, { steps: 5 });
      await page.mouse.up();
      const value = Number(await page.evaluate(() => weftTest.sight.fieldText('capacity')));
      holds(value > 5, `the capacity is ${value}`);
      equal(await page.evaluate(() => document.querySelector('#form[data-sheet]')), null, 'a sheet that a drag opened');
      // Second action: the run.
      await page.mouse.click(...(await middle(page, '#run')));
      await page.evaluate(async () => {
        await weftTest.wait.until('it runs', () => weftTest.sight.root().source === 'live');
        await weftTest.sight.untilIdle();
      });
      const effect = {
        verdict: '#state .outcome.holds',
        lane: '#timeline .names li:last-child',
        queue: '#timeline [data-track^=queue] .stage',
      };
      equal(await missing(page, effect), [], `what of the effect is out of sight at ${width}`);
      equal(await page.evaluate(hiddenRows), [], `rows out of sight at ${width}`);
      matches(
        (await page.locator('[data-track^=queue] .track-note').textContent())!,
        new RegExp(`capacity ${value.toLocaleString('en')}$`),
        'the queue',
      );
      equal(await page.evaluate(() => (globalThis as unknown as { scrolled: string[] }).scrolled), [], 'what was scrolled');
      equal(await page.evaluate(() => [scrollX, scrollY]), [0, 0], 'where the page is');
    }
  });

  await chromiumTest(context, 'the first screen of every demo', { limit: 600_000 }, async ({ page, open }) => {
    for (const [width, height] of screens) {
      await page.setViewportSize({ width, height });
      await open('#v1/hello-threads');
      const demos = await page.evaluate(async () => {
        document.querySelector<HTMLElement>('#demos summary')!.click();
        await weftTest.wait.until('the list is there', () => document.querySelector('#demos a') !== null);
        const all = [...document.querySelectorAll<HTMLElement>('#demos a')].map((link) => link.dataset.demo!);
        document.querySelector<HTMLElement>('#demos summary')!.click();
        return all;
      });
      for (const demo of demos) {
        await page.evaluate(async (id) => {
          location.hash = `#v1/${id}`;
          await weftTest.wait.until(
            'its run is there',
            () => weftTest.sight.root().demo === id && weftTest.sight.root().source === 'recorded',
          );
          await weftTest.wait.until(
            'its text and code are there',
            () => document.querySelector(`.code[data-file*="/${id}."] .core`) !== null,
          );
          await weftTest.sight.untilLoaded();
          await weftTest.wait.drawn();
        }, demo);
        const when = `${demo} at ${width}`;
        const parts = {
          title: '#title',
          run: '#run',
          verdict: '#state .state-text',
          timeline: '#timeline .names li',
          explanation: '.prose .summary',
          code: '.core',
        };
        equal(await missing(page, parts), [], `out of sight on the first screen of ${when}`);
        equal(await page.evaluate(hiddenRows), [], `rows out of sight without a cue, ${when}`);
        const shown = width >= 1200 ? '#form .form > .fields > [data-parameter]' : '#chips .chip:not(#chip-all)';
        const { seen, all } = await page.evaluate((wanted) => {
          const parameters = [...document.querySelectorAll(wanted)].map((each) => each.getBoundingClientRect());
          return {
            seen: parameters.filter(({ bottom, right }) => bottom <= innerHeight && right <= innerWidth).length,
            all: parameters.length,
          };
        }, shown);
        equal(seen, all, `parameters in sight, ${when}`);
        holds(all >= 2 && all <= 8, `${all} parameters, ${when}`);
        equal(await page.evaluate(tooWide), [], `what sticks out, ${when}`);
      }
    }
  });

  await chromiumTest(context, 'panes are resized and folded, and stay as they were left', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    const widthOf = (id: string) => page.evaluate((name) => Math.round(document.getElementById(name)!.getBoundingClientRect().width), id);
    const told = (id: string) => page.evaluate((name) => Number(document.getElementById(name)!.getAttribute('aria-valuenow')), id);
    equal([await widthOf('pane-left'), await widthOf('pane-right')], [250, 380], 'widths at first');
    const [x, y] = await middle(page, '#split-right');
    await page.mouse.move(x, y);
    await page.evaluate(() => weftTest.wait.pause(300)); // what acts on the bar is loaded
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    equal([await widthOf('pane-right'), await told('split-right')], [440, 440], 'width after a drag');
    await page.focus('#split-left');
    await page.evaluate(() => weftTest.wait.pause(300));
    await page.keyboard.press('ArrowRight');
    equal([await widthOf('pane-left'), await told('split-left')], [266, 266], 'width after a key');
    await page.keyboard.press('Enter');
    equal([await widthOf('pane-left'), await told('split-left')], [0, 0], 'width when folded');
    await page.reload();
    await page.evaluate(() => weftTest.sight.untilLive());
    equal([await widthOf('pane-left'), await widthOf('pane-right')], [0, 440], 'widths after a reload');
    await page.mouse.move(...(await middle(page, '#split-left')));
    await page.evaluate(() => weftTest.wait.pause(300));
    await page.mouse.click(...(await middle(page, '#split-left')));
    equal(await widthOf('pane-left'), 266, 'width when unfolded');
    // Their bars are told as what they are.
    equal(
      await page.evaluate(() => [...document.querySelectorAll('[role="separator"]')].map((bar) => bar.getAttribute('aria-orientation'))),
      ['vertical', 'horizontal', 'vertical'],
      'separators',
    );
  });

  await chromiumTest(context, 'tracks are folded and pinned, and a phone keeps the picture in sight', {}, async ({ page, open }) => {
    await open('#v1/dining-philosophers?meals=20');
    await run(page);
    const tracks = (where: string) => page.evaluate((selector) => document.querySelectorAll(selector).length, `#timeline ${where} .track`);
    equal([await tracks('.pinned'), await tracks('.lanes')], [0, 5], 'tracks at first');
    const heightOf = () => page.evaluate(() => document.querySelector('#timeline .track')!.getBoundingClientRect().height);
    const before = await heightOf();
    await page.evaluate(() => document.querySelector<HTMLElement>('#timeline .track-fold')!.click());
    await page.evaluate(() => weftTest.wait.drawn());
    holds((await heightOf()) < before, 'a track that is folded is lower');
    await page.evaluate(() => document.querySelector<HTMLElement>('#timeline .track .icon-button')!.click());
    await page.evaluate(() => weftTest.wait.drawn());
    equal([await tracks('.pinned'), await tracks('.lanes')], [1, 4], 'tracks after one was pinned');
    await run(page);
    equal([await tracks('.pinned'), await tracks('.lanes')], [1, 4], 'tracks of the next run');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate(() => weftTest.wait.drawn());
    await page.click('#chip-philosophers');
    await page.evaluate(() => weftTest.wait.drawn());
    const { sheet, picture } = await page.evaluate(() => {
      const box = (id: string) => document.getElementById(id)!.getBoundingClientRect();
      return { sheet: box('form').top, picture: box('pane-picture').bottom };
    });
    holds(sheet >= picture, `the sheet begins at ${sheet}, the picture ends at ${picture}`);
    within(picture, 300, 420, 'where the picture ends');
    equal(
      await missing(page, { run: '#run', stop: '#stop', slider: '[data-parameter="philosophers"] [type="range"]' }),
      [],
      'out of sight',
    );
    equal(await page.evaluate(tooWide), [], 'what sticks out at 390');
    await page.keyboard.press('Escape');
    await page.evaluate(() => weftTest.wait.drawn());
    equal(await focused(page), 'chip-philosophers', 'the focus when the sheet is closed');
    await page.setViewportSize({ width: 320, height: 640 });
    await page.evaluate(() => weftTest.wait.drawn());
    await eachTab(page, async (tab) => equal(await page.evaluate(tooWide), [], `what sticks out at 320, ${tab}`));
  });

  await chromiumTest(context, 'the keyboard is enough', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer?produce_ms=40&consume_ms=40');
    await page.keyboard.press('Tab');
    equal(await focused(page), 'skip', 'the first stop');
    await page.keyboard.press('Enter');
    equal(await focused(page), 'run', 'where the first stop leads');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(page, 'field-items');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('60');
    await tabTo(page, 'more-parameters');
    await page.keyboard.press('Enter');
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
        await setLanguage(page, language);
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
    await chromiumTest(
      context,
      `every view can be read, ${colorScheme}, ${width} pixels wide`,
      { limit: 600_000 },
      async ({ page, open }) => {
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
            await setLanguage(page, language);
            await eachTab(page, async (tab) => {
              equal(await page.evaluate(tooWide), [], `what sticks out, ${hash}, ${language}, ${tab}`);
              await checkAccessibility(page, `${hash}, ${language}, ${tab}`);
            });
          }
        }
      },
    );
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
          const tabs = [...document.querySelectorAll<HTMLElement>('[role="tab"]')];
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
