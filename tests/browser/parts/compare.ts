import type { Page } from '../browsers/chromium.ts';
import { equal, holds, matches } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, setLanguage, tooWide } from '../kit/inspection.ts';
import type { Part } from '../kit/part.ts';

const small = '#v2/producer-consumer?items=30&produce_ms=2&consume_ms=2';

const run = (page: Page) => page.evaluate(() => weftTest.runs.runToTheEnd());
const fill = (page: Page, name: string, text: string) =>
  page.evaluate(([field, value]) => weftTest.user.fill(field!, value!), [name, text]);

const textsOf = (page: Page, selector: string) =>
  page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map((each) => each.textContent!.replace(/\s+/g, ' ').trim()), selector);

type Section = 'compare' | 'repeat' | 'history';

/** Opens the view and chooses what it shows. */
async function show(page: Page, section: Section): Promise<void> {
  await page.evaluate(async (id) => {
    await weftTest.sight.showTab('runs');
    await weftTest.wait.until('the view is there', () => document.getElementById(`runs-${id}`) !== null);
    weftTest.user.click(`runs-${id}`);
    await weftTest.sight.untilLoaded();
    await weftTest.wait.drawn();
  }, section);
}

/** Clicks, and waits until what follows is drawn. */
async function press(page: Page, id: string): Promise<void> {
  await page.evaluate(async (button) => {
    weftTest.user.click(button);
    await weftTest.wait.drawn();
    await weftTest.wait.drawn();
  }, id);
}

const untilRows = (page: Page, count: number) =>
  page.evaluate(
    (wanted) => weftTest.wait.until(`the history has ${wanted} runs`, () => document.querySelectorAll('#runs tbody tr').length === wanted),
    count,
  );

const labels = (page: Page) => textsOf(page, '#runs .runs-label');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

/** Two runs beside each other, a series of runs, and those made before, in Chromium. */
export const compare: Part = async (context) => {
  await chromiumTest(context, 'the run before becomes A, and the two are compared', {}, async ({ page, open }) => {
    await open(small);
    await show(page, 'compare');
    await run(page);
    equal(await page.evaluate(() => document.querySelectorAll('#state .stale').length), 0, 'marks of a run that is not stale');
    // Changed since: the run is marked, and the link is that of the run.
    await page.evaluate(() => {
      const noted = globalThis as unknown as { copied: string };
      navigator.clipboard.writeText = async (text) => {
        noted.copied = text;
      };
    });
    await fill(page, 'capacity', '1');
    await page.evaluate(() => weftTest.wait.until('it is marked as stale', () => document.querySelector('#state .stale') !== null));
    await page.evaluate(() => weftTest.user.click('copy-link'));
    await page.evaluate(() => weftTest.wait.until('it is copied', () => 'copied' in globalThis));
    const { hash } = new URL(await page.evaluate(() => (globalThis as unknown as { copied: string }).copied));
    holds(hash.startsWith(`${small}&.`), `the link is that of the run: ${hash}`);
    await run(page);
    equal(await page.evaluate(() => document.querySelectorAll('#state .stale').length), 0, 'marks after the next run');
    await page.evaluate(() =>
      weftTest.wait.until('the differences are there', () => document.querySelector('#runs .runs-sentence:not([data-pending])') !== null),
    );
    const [sentence] = await textsOf(page, '#runs .runs-sentence');
    matches(sentence!, /^Changed from A to B: Capacity of the queue 5.* → 1.*\. B took .* A \(.*\)\./, 'what is said');
    matches((await labels(page)).join(), /^[^,]*Items 30.*,.*Capacity of the queue 1/, 'which runs they are');
    const rows = await textsOf(page, '#runs tbody th');
    for (const name of ['Time', 'Threads', 'Running'])
      holds(
        rows.some((row) => row.startsWith(name)),
        `a row for ${name} in ${rows.join()}`,
      );
    // A stands in the timeline, a track a thread, on an axis that reaches to the end of the longer one.
    const lanes = await page.evaluate(() => document.querySelectorAll('#timeline .names li').length);
    equal(await page.evaluate(() => document.querySelectorAll('#timeline [data-track^="a-"]').length), lanes, 'tracks of A');
    const painted = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('#timeline [data-track^="a-"] canvas')].map((canvas) =>
        canvas
          .getContext('2d')!
          .getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value !== 0),
      ),
    );
    equal(new Set(painted), new Set([true]), 'tracks of A that are painted');
    await press(page, 'runs-in-picture');
    equal(await page.evaluate(() => document.querySelectorAll('#timeline [data-track^="a-"]').length), 0, 'tracks of A when it is hidden');
    await press(page, 'runs-in-picture');

    const before = await labels(page);
    await press(page, 'runs-swap');
    equal(await labels(page), before.toReversed(), 'A and B after they were swapped');
    equal(await page.evaluate(() => weftTest.sight.fieldText('capacity')), '5', 'the form goes with what is shown');
    matches((await textsOf(page, '#runs .runs-sentence'))[0]!, /Capacity of the queue 1.* → 5/, 'what is said of the two swapped');
    await press(page, 'runs-swap');
    await press(page, 'runs-pin');
    await fill(page, 'capacity', '7');
    await run(page);
    equal((await labels(page))[0], before[0], 'A, as it is pinned');
    matches((await labels(page))[1]!, /Capacity of the queue 7/, 'B');
    await press(page, 'runs-pin');
    await run(page);
    matches((await labels(page))[0]!, /Capacity of the queue 7/, 'A, as it is no longer pinned');
    await press(page, 'runs-drop');
    equal(await textsOf(page, '#runs .empty p:first-child'), ['There is nothing to compare this run with.'], 'without A');
    equal(await focused(page), 'runs-compare', 'the focus');
    // A demo of its own has no A.
    await page.evaluate(() => (location.hash = '#v2/hello-threads'));
    await page.evaluate(() => weftTest.wait.until('the demo is there', () => weftTest.sight.root().demo === 'hello-threads'));
  });

  await chromiumTest(context, 'runs are kept over a reload, opened, compared and deleted', {}, async ({ page, open }) => {
    await open(small);
    await show(page, 'history');
    await page.evaluate(() => weftTest.wait.until('the history is read', () => document.querySelectorAll('#runs .empty p').length === 2));
    equal(await textsOf(page, '#runs .empty p:first-child'), ['No run of this demo in the history.'], 'an empty history');
    await run(page);
    await fill(page, 'capacity', '1');
    await run(page);
    await untilRows(page, 2);
    await page.reload();
    await page.evaluate(() => weftTest.sight.untilLive());
    await show(page, 'history');
    await untilRows(page, 2);
    matches(
      (await textsOf(page, '#runs tbody tr')).join('|'),
      /finished.*Capacity of the queue 1.*\|.*finished/,
      'the latest is the first',
    );
    const button = (row: number, place: number) =>
      page.locator(`#runs tbody tr:nth-child(${row}) .runs-actions button:nth-child(${place})`);
    await button(2, 1).click();
    await button(1, 2).click();
    await page.evaluate(() => weftTest.wait.until('the run is open', () => weftTest.sight.root().source === 'opened'));
    await page.evaluate(() => weftTest.wait.drawn());
    equal(await button(2, 1).getAttribute('aria-pressed'), 'true', 'the older one is A');
    equal(await button(1, 2).getAttribute('aria-pressed'), 'true', 'the latest is shown');
    await show(page, 'compare');
    matches((await textsOf(page, '#runs .runs-sentence'))[0]!, /^Changed from A to B: Capacity of the queue 5.* → 1/, 'what is said');
    await show(page, 'history');
    await press(page, 'runs-delete-all');
    equal(await focused(page), 'runs-keep', 'the focus is on what does no harm');
    await press(page, 'runs-keep');
    await untilRows(page, 2);
    await press(page, 'runs-delete-all');
    await press(page, 'runs-confirm');
    await page.evaluate(() => weftTest.wait.until('the history is empty', () => document.querySelector('#runs .empty') !== null));
    await page.reload();
    await page.evaluate(() => weftTest.sight.untilLive());
    await show(page, 'history');
    await page.evaluate(() => weftTest.wait.until('the history is read', () => document.querySelectorAll('#runs .empty p').length === 2));
    equal(await textsOf(page, '#runs .empty p:first-child'), ['No run of this demo in the history.'], 'after a reload');
  });

  await chromiumTest(context, 'a run is kept when the reader does something after it', {}, async ({ page, open }) => {
    await open(small);
    await run(page);
    await page.mouse.move(300, 300);
    await page.mouse.move(310, 310);
    await page.evaluate(async () => {
      const settled = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const isThere = async () => (await indexedDB.databases()).some(({ name }) => name === 'weft');
      while (!(await isThere())) await weftTest.wait.drawn();
      const database = await settled(indexedDB.open('weft'));
      while ((await settled(database.transaction('runs').objectStore('runs').count())) === 0) await weftTest.wait.drawn();
      database.close();
    });
    await page.reload();
    await page.evaluate(() => weftTest.sight.untilLive());
    await show(page, 'history');
    await untilRows(page, 1);
  });

  await chromiumTest(context, 'without a database the history lasts for the visit', {}, async ({ page, open }) => {
    await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
    await open(small);
    await show(page, 'history');
    matches((await textsOf(page, '#runs .runs-trouble')).join(), /lasts for this visit only/, 'what is said');
    await run(page);
    await untilRows(page, 1);
  });

  await chromiumTest(context, 'a series shows how its figures are spread', {}, async ({ page, open }) => {
    await open(small);
    await run(page);
    await show(page, 'repeat');
    for (const wrong of ['1', '2.5', 'many']) {
      await page.fill('#runs-count', wrong);
      await page.evaluate(() => weftTest.wait.drawn());
      matches((await textsOf(page, '#runs-count-problem'))[0]!, new RegExp(`“${wrong}” is not accepted.*from 2 to 200`), 'what is said');
    }
    await page.fill('#runs-count', '4');
    await page.keyboard.press('Enter');
    await page.evaluate(() =>
      weftTest.wait.until(
        'four have run',
        () => document.querySelectorAll('#runs .runs-plot circle').length === 4 && weftTest.sight.root().state === 'idle',
      ),
    );
    await page.evaluate(() => weftTest.wait.drawn());
    equal(await textsOf(page, '#runs [data-figure="runs"] dd, #runs [data-figure="good"] dd'), ['4', '4'], 'runs, and those that came out');
    const figures = await textsOf(page, '#runs-figure option');
    holds(figures[0] === 'Time' && figures.length > 1, `figures to choose from: ${figures.join()}`);
    await page.selectOption('#runs-figure', { index: 1 });
    await press(page, 'runs-median');
    await page.evaluate(() => weftTest.wait.until('a run is open', () => weftTest.sight.root().source === 'opened'));
    await page.evaluate(() => weftTest.wait.drawn());
    equal(
      await page.evaluate(() => document.querySelectorAll('#runs [aria-pressed="true"][aria-label^="Show the run"]').length),
      1,
      'the one shown',
    );
    // The series is compared with what was there before it.
    await show(page, 'compare');
    equal((await labels(page)).length, 2, 'A and B');
    // Stop ends the series.
    await fill(page, 'items', '2000');
    await show(page, 'repeat');
    await press(page, 'runs-begin');
    await page.evaluate(async () => {
      await weftTest.wait.until('it runs', () => weftTest.sight.root().state === 'running');
      weftTest.user.click('stop');
      await weftTest.sight.untilIdle();
      await weftTest.wait.pause(300);
    });
    equal(await page.evaluate(() => weftTest.sight.root().state), 'idle', 'after Stop');
    equal(await textsOf(page, '#runs .empty p:first-child'), ['No series yet.'], 'a series of none');
  });

  await chromiumTest(context, 'what a text proposes to try is run with a click', {}, async ({ page, open }) => {
    await open(small);
    await run(page);
    await page.evaluate(() => weftTest.wait.until('the text is there', () => document.querySelector('[data-try]') !== null));
    equal(await page.evaluate(() => document.querySelector('[data-try]')!.textContent), '▶ Capacity of the queue 1 items', 'the first');
    await page.evaluate(async () => {
      const button = document.querySelector<HTMLElement>('[data-try]')!;
      button.focus();
      button.click();
      await weftTest.wait.until('it runs', () => weftTest.sight.root().state !== 'idle');
      await weftTest.sight.untilIdle();
    });
    equal(await page.evaluate(() => [weftTest.sight.fieldText('capacity'), weftTest.sight.fieldText('items')]), ['1', '120'], 'the form');
    equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.try), 'capacity=1', 'the focus');
    await show(page, 'compare');
    matches((await textsOf(page, '#runs .runs-sentence'))[0]!, /Changed from A to B: .*Capacity of the queue 5.* → 1/, 'what is said');
  });

  await chromiumTest(context, 'the view at all widths, in both languages', { limit: 400_000 }, async ({ page, open }) => {
    await open(small);
    await show(page, 'repeat');
    await page.fill('#runs-count', '2');
    await press(page, 'runs-begin');
    await page.evaluate(() =>
      weftTest.wait.until(
        'two have run',
        () => document.querySelectorAll('#runs .runs-plot circle').length === 2 && weftTest.sight.root().state === 'idle',
      ),
    );
    await run(page);
    const sections = ['compare', 'repeat', 'history'] as const;
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const section of sections) {
        await show(page, section);
        await checkAccessibility(page, `${scheme}, ${section}`);
      }
    }
    for (const language of ['zh', 'en'] as const) {
      await setLanguage(page, language);
      for (const [width, height] of [
        [1440, 900],
        [1024, 768],
        [390, 844],
        [320, 700],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const section of sections) {
          await show(page, section);
          equal(await page.evaluate(tooWide), [], `at ${width} pixels in ${language}, ${section}`);
        }
      }
    }
  });
};
