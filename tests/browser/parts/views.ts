import type { Page } from '../browsers/chromium.ts';
import { equal, holds, matches, within } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, eachTab, setLanguage, tooWide } from '../kit/inspection.ts';
import type { Part } from '../kit/part.ts';
import { stagedRun } from '../kit/staged_run.ts';

async function openRun(page: Page): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#open-run')]);
  await chooser.setFiles({ name: 'staged.weft', mimeType: 'application/gzip', buffer: await stagedRun() });
  await page.evaluate(() =>
    weftTest.wait.until('all views are there', () =>
      ['gil', 'deadlock', 'locks', 'samples', 'tables'].every((id) => document.querySelector(`#${id}:not([hidden]) .panel`)),
    ),
  );
}

const textsOf = (page: Page, selector: string) =>
  page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map((each) => each.textContent!.replace(/\s+/g, ' ').trim()), selector);

/** Whether anything is drawn on a canvas. */
const isPainted = (page: Page, selector: string) =>
  page.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>(wanted)!;
    return canvas
      .getContext('2d')!
      .getImageData(0, 0, canvas.width, canvas.height)
      .data.some((value) => value !== 0);
  }, selector);

/** Bytes, packed, of each file that a visit with a run of the demo that is shown first loads: scripts, styles and the page. */
async function weightsOf(page: Page): Promise<[file: string, bytes: number][]> {
  return page.evaluate(async () => {
    const pack = async (body: ReadableStream) =>
      (await new Response(body.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()).byteLength;
    const loaded = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => /\.(js|css|svg)$/.test(path) && !path.includes('/__test__/') && !path.includes('/wasm/'));
    const all = [...new Set([...loaded, location.pathname])];
    return Promise.all(all.map(async (path): Promise<[string, number]> => [path, await pack((await fetch(path)).body!)]));
  });
}

/** Views that only some runs need, and the list of demos, in Chromium. */
export const views: Part = async (context) => {
  await chromiumTest(context, 'a run with a GIL, a deadlock, figures and rows', { limit: 240_000 }, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    await openRun(page);
    equal(
      await page.evaluate(() => [weftTest.sight.root().outcome, weftTest.sight.root().exitCode, weftTest.sight.stateKind()]),
      ['deadlock', '3', 'deadlock'],
      'how it ended',
    );
    await page.evaluate(async () => {
      await weftTest.sight.untilLoaded();
      await weftTest.wait.drawn();
    });
    matches(await page.evaluate(() => weftTest.sight.stateText()), /^Deadlock after 61 ms/, 'what the page says');
    equal(
      (await textsOf(page, '#deadlock ol li')).map((text) => text.trim()),
      [
        'Thread-1 holds left (demo.cpp:40) and waits for right (demo.cpp:44).',
        'Thread-2 holds right (demo.cpp:40) and waits for left (demo.cpp:47).',
      ],
      'the ring in words',
    );
    equal((await textsOf(page, '#deadlock .node text')).length, 4, 'threads and locks in the picture');
    equal(
      (await textsOf(page, '#gil tbody th')).map((name) => name.trim()),
      ['Thread-1', 'Thread-2'],
      'threads that had the GIL',
    );
    equal((await textsOf(page, '#gil [data-figure="handovers"] dd'))[0], '9', 'times it was handed over');
    holds(await isPainted(page, '[data-track=gil] canvas'), 'the track of the GIL is painted');
    holds(await isPainted(page, '[data-track^=lock] canvas'), 'the track of a lock is painted');
    equal(await textsOf(page, '#samples [data-figure] dd'), ['200', '400', '700', '1,000', '7'], 'figures of the distribution');
    within((await textsOf(page, '#samples .histogram rect')).length, 7, 40, 'bars');
    equal(await textsOf(page, '#tables tbody tr'), ['Plato120', 'Kant31'], 'rows');
    // What is named leads to its place.
    await page.evaluate(() => document.querySelector<HTMLElement>('#deadlock ol .link')!.click());
    await page.evaluate(() => weftTest.sight.untilLoaded());
    await page.evaluate(() => weftTest.wait.drawn());
    matches((await textsOf(page, '#timeline .details'))[0]!, /Thread-1.*Waiting for a lock.*right/, 'the span that a name leads to');
    await page.evaluate(() => document.querySelectorAll<HTMLElement>('#deadlock ol .link')[1]!.click());
    await page.evaluate(() => weftTest.wait.until('the line is marked', () => document.querySelector('#notes .line-mark') !== null));
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await eachTab(page, (tab) => checkAccessibility(page, `${scheme}, ${tab}`));
    }
    await page.setViewportSize({ width: 390, height: 844 });
    for (const language of ['zh', 'en'] as const) {
      await setLanguage(page, language);
      await page.evaluate(() => weftTest.wait.drawn());
      await eachTab(page, async (tab) => equal(await page.evaluate(tooWide), [], `at 390 pixels in ${language}, ${tab}`));
    }
  });

  await chromiumTest(context, 'demos are found with the keyboard, and single keys can be switched off', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
    await page.keyboard.press('/');
    await page.evaluate(() => weftTest.wait.until('the filter has the focus', () => document.activeElement?.id === 'find-demo'));
    await page.keyboard.type('thread-pool');
    await page.evaluate(() => weftTest.wait.until('one is left', () => document.querySelectorAll('#demos a').length === 1));
    await page.keyboard.press('ArrowDown');
    equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.demo), 'thread-pool', 'where the arrow leads');
    await page.keyboard.press('Enter');
    await page.evaluate(() => weftTest.wait.until('the demo is there', () => weftTest.sight.root().demo === 'thread-pool'));
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('?');
    await page.evaluate(() => weftTest.wait.until('the help is there', () => document.querySelector('#help[open] #single-keys') !== null));
    await page.evaluate(() => weftTest.user.click('single-keys'));
    await page.keyboard.press('Escape');
    await page.reload();
    await page.evaluate(() => weftTest.sight.untilLive());
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    await page.evaluate(() => weftTest.wait.drawn());
    equal(
      [await focused(), await page.evaluate(() => document.querySelector('#help[open]'))],
      ['', null],
      'what the keys do when they are off',
    );
    // The list is unfolded over the page, which does not move; its topics are folded one by one.
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.click('#demos summary');
      await page.evaluate(() => weftTest.wait.until('the list is there', () => document.querySelector('#demos a') !== null));
      await page.evaluate(() => weftTest.wait.drawn());
      equal(await page.evaluate(() => document.documentElement.scrollHeight), height, 'height of the page with the list unfolded');
      const topics = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('#demos .topic')].map((topic) =>
            topic.querySelector('a')!.checkVisibility({ visibilityProperty: true }),
          ),
        );
      const before = await topics();
      await page.click('#demos .topic summary');
      await page.evaluate(() => weftTest.wait.drawn());
      equal(await topics(), [!before[0], ...before.slice(1)], 'topics that are unfolded');
      await page.click('#demos a[data-demo="producer-consumer"]');
      await page.evaluate(() =>
        weftTest.wait.until('the list is folded', () => !document.querySelector('#demos details')!.hasAttribute('open')),
      );
    }
  });

  await chromiumTest(
    context,
    'the list of demos shows the one that was chosen, and the page stays where it is',
    {},
    async ({ page, open }) => {
      /** How far the chosen demo is from being in sight in the list, and where the page is. */
      const sight = () =>
        page.evaluate(async () => {
          const list = document.querySelector<HTMLDetailsElement>('#demos > details')!;
          if (!list.open) list.querySelector('summary')!.click();
          await weftTest.wait.until('the list is there', () => document.querySelector('#demos a[aria-current="page"]') !== null);
          await weftTest.wait.drawn();
          const box = document.querySelector('#demos a[aria-current="page"]')!.getBoundingClientRect();
          const around = document.querySelector('.demo-list')!.getBoundingClientRect();
          return [Math.max(0, around.top - box.top), Math.max(0, box.bottom - Math.min(around.bottom, innerHeight)), scrollY];
        });
      for (const [width, height] of [
        [1280, 500],
        [390, 600],
      ] as const) {
        await page.setViewportSize({ width, height });
        await open('#v1/word-count');
        equal(await sight(), [0, 0, 0], 'opened by link');
        const demos = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('#demos a')].map((link) => link.dataset.demo!));
        equal(demos[0], 'hello-threads', 'the first demo');
        holds(demos.length > 20, 'there is more than fits');
        for (const demo of width > 1000 ? [...demos, ...demos.toReversed()] : demos.slice(-1)) {
          await page.evaluate((id) => (location.hash = `#v1/${id}`), demo);
          await page.evaluate((id) => weftTest.wait.until('the demo is there', () => weftTest.sight.root().demo === id), demo);
          await page.evaluate(() => weftTest.wait.drawn());
          equal(await sight(), [0, 0, 0], demo);
        }
        await page.evaluate(() => document.querySelector<HTMLElement>('#demos summary')!.click());
        await page.evaluate(() => (document.activeElement as HTMLElement).blur());
        await page.keyboard.press('/');
        await page.evaluate(() => weftTest.wait.until('the filter has the focus', () => document.activeElement?.id === 'find-demo'));
        await page.keyboard.type('word-count');
        await page.evaluate(() => weftTest.wait.until('one is left', () => document.querySelectorAll('#demos a').length === 1));
        await page.keyboard.press('Enter');
        await page.evaluate(() => weftTest.wait.until('the demo is there', () => weftTest.sight.root().demo === 'word-count'));
        equal(await sight(), [0, 0, 0], 'chosen with the keyboard');
      }
    },
  );

  await chromiumTest(context, 'what tells names apart is in sight, and names are read in full', {}, async ({ page, open }) => {
    await open('#v1/process-pool?workers=3&job_ms=5&maxtasksperchild=1');
    await page.evaluate(() => weftTest.runs.runToTheEnd());
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const seen = await page.evaluate(async () => {
        await weftTest.wait.drawn();
        return [...document.querySelectorAll<HTMLElement>('#timeline .names li')].map((row) => {
          const shown = [...row.querySelectorAll<HTMLElement>('.name, .short-name')].filter((name) => name.checkVisibility()).at(-1)!;
          const end = shown.lastElementChild ?? shown;
          const isWhole =
            end.scrollWidth <= Math.ceil(end.getBoundingClientRect().width) &&
            end.getBoundingClientRect().right <= row.getBoundingClientRect().right;
          return { read: row.querySelector('.visually-hidden')!.textContent!, end: end.textContent!, isWhole };
        });
      });
      for (const { read, end, isWhole } of seen) {
        const [number] = /\d+$/.exec(read) ?? [];
        if (number) holds(isWhole && end.endsWith(number), `the end of ${read}, ${end}, is whole at ${width} pixels`);
      }
      holds(
        seen.some(({ read }) => /Worker-\d+$/.test(read)),
        `workers have rows: ${seen.map(({ read }) => read).join()}`,
      );
    }
  });

  await chromiumTest(context, 'what a visit with a run loads', {}, async ({ page, open }) => {
    await open('');
    await page.evaluate(() => weftTest.runs.runToTheEnd());
    const weights = (await weightsOf(page)).sort(([, a], [, b]) => b - a);
    const sum = weights.reduce((bytes, [, each]) => bytes + each, 0);
    within(sum, 40_000, 70_000, `bytes, packed, of\n${weights.map(([file, bytes]) => `${bytes} ${file}`).join('\n')}\nin all`);
  });
};
