import type { Page } from '../browsers/chromium.ts';
import { equal, holds, matches, within } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, setLanguage, tooWide } from '../kit/inspection.ts';
import type { Part } from '../kit/part.ts';
import { stagedRun } from '../kit/staged_run.ts';

async function openRun(page: Page): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#open-run')]);
  await chooser.setFiles({ name: 'staged.weft', mimeType: 'application/gzip', buffer: await stagedRun() });
  await page.evaluate(() =>
    weftTest.wait.until('its views are there', () =>
      ['gil', 'deadlock', 'locks', 'tables'].every((id) => document.querySelector(`#${id}:not([hidden]) .panel`)),
    ),
  );
}

const drawn = (page: Page) => page.evaluate(() => weftTest.wait.drawn());

const textOf = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.querySelector(wanted)?.textContent?.replace(/\s+/g, ' ').trim() ?? null, selector);

const textsOf = (page: Page, selector: string) =>
  page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map((each) => each.textContent!.replace(/\s+/g, ' ').trim()), selector);

/** How many records lie before the moment, as the pane of the moment says; 0 if it is not there. */
async function index(page: Page): Promise<number> {
  await drawn(page);
  const text = await textOf(page, '#moment:not([hidden]) .count');
  return Number(/after ([\d,]+) of/.exec(text ?? '')?.[1]?.replace(/,/g, '') ?? 0);
}

async function showMoment(page: Page): Promise<void> {
  await page.evaluate(() =>
    weftTest.wait.until('the moment is there', () => document.querySelector('#moment:not([hidden]) .panel') !== null),
  );
  await page.evaluate(() => weftTest.sight.showTab('moment'));
}

/** A press on the ruler at a share of its width, and a move to another. */
async function dragAxis(page: Page, from: number, to: number): Promise<void> {
  const box = (await page.locator('#timeline .ruler').boundingBox())!;
  const y = box.y + 8;
  await page.mouse.move(box.x + box.width * from, y);
  await page.evaluate(() => weftTest.sight.untilLoaded());
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 6 });
  await page.mouse.up();
  await drawn(page);
}

/** One focus for the whole page, in Chromium. */
export const travel: Part = async (context) => {
  await chromiumTest(context, 'every pane shows the run as of the focus', { limit: 240_000 }, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    await openRun(page);
    const lanes = await page.evaluate(() => weftTest.sight.lanes());
    equal(await page.evaluate(() => document.getElementById('moment')!.hidden), true, 'no moment is chosen at first');
    // A row of a table: the run at the record that told of it.
    await page.evaluate(() => weftTest.sight.showTab('tables'));
    await page.click('#tables tbody .row-head');
    await drawn(page);
    equal(await textsOf(page, '#tables tbody tr'), ['Plato120'], 'rows up to the one that was clicked');
    equal(await page.evaluate(() => document.getElementById('deadlock')!.hidden), true, 'the deadlock is yet to come');
    equal(await page.evaluate(() => weftTest.sight.lanes()), lanes, 'the picture has the whole run');
    matches((await textOf(page, '#state .state-text'))!, /^Deadlock after 61 ms/, 'and the strip tells how it ended');
    await showMoment(page);
    const atRow = await index(page);
    matches((await textOf(page, '#moment .record'))!, /added a row/, 'the last record');
    // Keys: any thread, then the end.
    await page.evaluate(() => document.querySelector<HTMLElement>('#timeline .chart')!.focus());
    await page.keyboard.press('.');
    equal(await index(page), atRow + 1, 'a record further');
    await page.keyboard.press(',');
    equal(await index(page), atRow, 'and back');
    await page.keyboard.press('End');
    await drawn(page);
    equal(await textsOf(page, '#tables tbody tr'), ['Plato120', 'Kant31'], 'rows at the end');
    await page.keyboard.press('Home');
    equal(await index(page), 1, 'the start of the run');
    // Along the axis, while the mouse is down.
    await dragAxis(page, 0.1, 0.6);
    const middle = await index(page);
    within(middle, 20, 300, 'records before the middle of the axis');
    matches((await textOf(page, '#timeline .axis .gutter'))!, /^3[67](\.\d+)? ms$/, 'the time beside the axis');
    await dragAxis(page, 0.6, 0.3);
    within(await index(page), 5, middle - 1, 'records before a third of it');
    await page.keyboard.press('Escape');
    await drawn(page);
    equal(await page.evaluate(() => document.getElementById('moment')!.hidden), true, 'Esc leads back to the end');
    equal(await textsOf(page, '#tables tbody tr'), ['Plato120', 'Kant31'], 'rows after that');
  });

  await chromiumTest(context, 'why a thread waits, and what happened to a lock, is told in words', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    await openRun(page);
    await page.evaluate(() => weftTest.sight.showTab('locks'));
    await page.click('#locks tbody .row-head');
    await page.evaluate(() => weftTest.sight.untilLoaded());
    await showMoment(page);
    equal(await textsOf(page, '#moment h3'), ['Last record', 'Thread-1', 'left'], 'the lock, and who holds it');
    equal(
      await textsOf(page, '#moment .chain li'),
      ['Thread-1 has waited for right for 8 ms, which Thread-2 holds', 'Thread-2 has waited for left for 8 ms, which Thread-1 holds'],
      'why it waits',
    );
    matches((await textOf(page, '#moment .cycle'))!, /cycle/, 'the cycle');
    const history = await textsOf(page, '#moment tbody tr');
    equal(
      history.map((row) => row.replace(/^[\d.]+ ms/, '')),
      ['Thread-2Waiting for a lockwaited 8 ms so far', 'Thread-1acquired itheld 9 ms so far'],
      'its history, the latest first',
    );
    // A record of it leads to that moment; steps along the object go on from there.
    await page.click('#moment tbody tr:last-child .row-head');
    await drawn(page);
    const before = await index(page);
    equal(
      await textsOf(page, '#moment tbody tr'),
      ['52.00 ms'].map((time) => `${time}Thread-1acquired itheld < clock tick so far`),
      'its history then',
    );
    await page.keyboard.press(']');
    holds((await index(page)) > before, 'the next record of the lock');
    matches((await textOf(page, '#moment .record'))!, /^Thread-2: Waiting for a lock left/, 'what it was');
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await checkAccessibility(page, `the moment, ${scheme}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    for (const language of ['zh', 'en'] as const) {
      await setLanguage(page, language);
      await showMoment(page);
      equal(await page.evaluate(tooWide), [], `the moment at 390 pixels in ${language}`);
    }
  });

  await chromiumTest(context, 'a run is played, and a window leads back to those around it', {}, async ({ page, open }) => {
    await open('#v1/producer-consumer');
    await openRun(page);
    await dragAxis(page, 0.05, 0.1);
    await showMoment(page);
    await page.selectOption('#play-speed', '0.1');
    await page.evaluate(() => document.querySelector<HTMLElement>('#timeline .chart')!.focus());
    const before = await index(page);
    await page.keyboard.press(' ');
    await page.evaluate(
      (from) =>
        weftTest.wait.until('it is played to its end', () => {
          const text = document.querySelector('#moment .count')?.textContent ?? '';
          const [, at, all] = /after ([\d,]+) of ([\d,]+)/.exec(text.replace(/,/g, '')) ?? [];
          return Number(at) > from && at === all;
        }),
      before,
    );
    equal(await page.evaluate(() => document.querySelector('#play-run')!.getAttribute('aria-label')), 'Play', 'what is offered at the end');
    // Two windows, one within the other: what is dragged over is zoomed to.
    for (const count of [1, 2]) {
      const box = (await page.locator('#timeline .window').boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + 10, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.press('f');
      await page.evaluate(
        (wanted) =>
          weftTest.wait.until('the window is entered', () => document.querySelectorAll('#timeline .crumbs button').length === wanted),
        count,
      );
      await page.keyboard.press('Escape');
    }
    holds(
      await page.evaluate(() => document.querySelector<HTMLCanvasElement>('#timeline .overview canvas')!.width > 100),
      'the strip is there',
    );
    for (const count of [1, 0]) {
      await page.click('#timeline .crumbs button:last-of-type');
      await page.evaluate(
        (wanted) => weftTest.wait.until('one is back', () => document.querySelectorAll('#timeline .crumbs button').length === wanted),
        count,
      );
    }
    // All keys are listed.
    await page.keyboard.press('?');
    await page.evaluate(() => weftTest.wait.until('the help is there', () => document.querySelector('#help[open] dl') !== null));
    const keys = await textsOf(page, '#help dd');
    for (const what of ['Previous record of the thread', 'Next record of the object', 'Measure from the nearest mark', 'Zoom in'])
      holds(keys.includes(what), `${what} is among the keys`);
  });
};
