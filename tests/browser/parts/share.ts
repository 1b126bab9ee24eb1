import { gunzipSync } from 'node:zlib';
import { readAsFirefoxProfiler, readAsPerfetto, readAsSpeedscope } from '../../web/support/trace_viewers.ts';
import type { TraceEvent } from '../../web/support/trace_viewers.ts';
import type { Frame, Page } from '../browsers/chromium.ts';
import { equal, holds, matches } from '../drive/expect.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { checkAccessibility, tooWide } from '../kit/inspection.ts';
import type { Part } from '../kit/part.ts';
import { stagedRun } from '../kit/staged_run.ts';

const small = '#v2/producer-consumer?items=40&produce_ms=2&consume_ms=2';

const untilRecorded = (page: Page) =>
  page.evaluate(async () => {
    await weftTest.wait.until('a recorded run is there', () => weftTest.sight.root().source === 'recorded');
    await weftTest.sight.untilLoaded();
    await weftTest.wait.drawn();
  });

const textOf = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.querySelector(wanted)?.textContent?.replace(/\s+/g, ' ').trim() ?? '', selector);

/** What the dialog says is to be copied. */
async function shared(page: Page): Promise<{ link: string; snippet: string }> {
  await page.click('#embed');
  await page.waitForSelector('#share[open]');
  const found = await page.evaluate(() => ({
    link: document.querySelector<HTMLTextAreaElement>('#share-link')!.value,
    snippet: document.querySelector<HTMLTextAreaElement>('#share-snippet')!.value,
  }));
  await page.keyboard.press('Escape');
  return found;
}

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#open-run')]);
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer });
}

const notices = (page: Page) => page.evaluate(() => weftTest.sight.notices().map(({ kind, text }) => ({ kind, text })));

async function untilNotice(page: Page, kind: string): Promise<string> {
  await page.evaluate(
    (wanted) => weftTest.wait.until(`there is a notice of ${wanted}`, () => weftTest.sight.notices().some((each) => each.kind === wanted)),
    kind,
  );
  await page.evaluate(() => weftTest.wait.until('it has a text', () => weftTest.sight.notices().every(({ text }) => text !== '')));
  return (await notices(page)).find((each) => each.kind === kind)!.text;
}

/** The embedded page, once it has run. It is loaded again on the way, for the sake of isolation. */
async function embeddedRun(page: Page): Promise<Frame> {
  for (;;) {
    const frame = page.frames().find((each) => each.url().includes('embed=1'));
    const { source, state, mode } = (await frame
      ?.evaluate(() => {
        const { source: of, state: is, mode: by } = document.documentElement.dataset;
        return { source: of, state: is, mode: by };
      })
      .catch(() => null)) ?? { source: '', state: '', mode: '' };
    if (mode === 'recorded') throw new Error('it has no threads');
    if (frame && source === 'live' && state === 'idle') return frame;
    await page.waitForTimeout(200);
  }
}

const dismissAll = (page: Page) =>
  page.evaluate(() => {
    for (const button of document.querySelectorAll<HTMLElement>('#notices .icon-button')) button.click();
  });

/** Links, the embedded page, and runs as files, in Chromium. */
export const share: Part = async (context) => {
  await chromiumTest(context, 'a link holds what is shown and how', {}, async ({ page, open, server }) => {
    await open('#v2/thread-pool?seed=7');
    await page.evaluate(() => weftTest.user.fillAll({ seed: 1 }));
    await untilRecorded(page);
    await page.focus('#timeline .chart');
    for (const key of ['w', 'w', 'ArrowDown', 'ArrowRight', 'ArrowRight']) {
      await page.keyboard.press(key);
      await page.evaluate(() => weftTest.wait.drawn());
    }
    await page.evaluate(() => weftTest.sight.showTab('console'));
    await page.focus('#split-left');
    await page.evaluate(() => weftTest.wait.pause(300));
    await page.keyboard.press('Enter');
    await page.click('.segmented [lang="zh-Hans"]');
    await page.evaluate(() => weftTest.wait.until('the page is Chinese', () => document.documentElement.lang.startsWith('zh')));
    const details = await textOf(page, '#timeline .details');
    const { link } = await shared(page);
    for (const name of ['.lang=zh', '.panes=0.', '.tab=console', '.window=', '.focus=']) holds(link.includes(name), `${name} in ${link}`);
    // Whoever follows it has other preferences.
    await page.evaluate(() => localStorage.clear());
    await page.goto('about:blank');
    await page.goto(link);
    await untilRecorded(page);
    await page.evaluate(() => weftTest.wait.until('a span is selected', () => !document.querySelector('#timeline .details .hint')));
    equal(await textOf(page, '#timeline .details'), details, 'the span that is selected');
    equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hans', 'language');
    equal(await page.evaluate(() => document.querySelector('#pane-left')!.hasAttribute('data-folded')), true, 'the pane is folded');
    equal(await page.evaluate(() => document.querySelector('#tab-of-console')!.getAttribute('aria-selected')), 'true', 'the tab');
    equal(await page.evaluate(() => document.querySelector<HTMLButtonElement>('#zoom-fit')!.disabled), false, 'it is zoomed');
    const again = await shared(page);
    const ofRun = (text: string) => text.match(/\.(window|focus|tab|lang)=[^&]*/g);
    equal(ofRun(again.link), ofRun(link), 'the link of the page that the link leads to');
    equal(await notices(page), [], 'notices');
    server.requested.length = 0;
  });

  await chromiumTest(context, 'links by hand, links of older versions, and long ones', {}, async ({ page, open }) => {
    await open('#deadlock');
    equal(await page.evaluate(() => [weftTest.sight.root().demo, weftTest.sight.notices().length]), ['deadlock', 0], 'demo and notices');
    await page.goto('about:blank');
    await open('#v1/thread-pool?workers=3&lang=zh');
    equal(
      await page.evaluate(() => [weftTest.sight.root().demo, weftTest.sight.fieldText('workers'), document.documentElement.lang]),
      ['thread-pool', '3', 'zh-Hans'],
      'demo, value and language of a link of version 1',
    );
    await page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>('#field-workers')!;
      field.value = '线'.repeat(100_000);
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });
    await page.evaluate(() => weftTest.wait.until('the address follows', () => location.hash.includes('%E7%BA%BF')));
    const { length } = await page.evaluate(() => location.href);
    holds(length < 1000, `the address has ${length} signs`);
    const { link } = await shared(page);
    holds(link.length < 1000, `the link has ${link.length} signs`);
  });

  await chromiumTest(context, 'the dialog with link and snippet', {}, async ({ page, open, server, chromium }) => {
    await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(small);
    await page.click('#copy-link');
    await page.evaluate(() => weftTest.wait.until('it is said', () => document.querySelector('#status')!.textContent !== ''));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    matches(copied, /#v2\/producer-consumer\?items=40&produce_ms=2&consume_ms=2&\.lang=en$/, 'the link copied');
    const { link, snippet } = await shared(page);
    equal(link, copied, 'the link in the dialog');
    equal(await page.evaluate(() => document.activeElement?.id), 'embed', 'the focus when the dialog is closed');
    const frame = await page.evaluate(
      (html) => {
        const { content } = Object.assign(document.createElement('template'), { innerHTML: html });
        const found = content.querySelector('iframe')!;
        return { src: found.src, title: found.title, allow: found.allow, loading: found.loading, size: [found.width, found.height] };
        // This page's policy allows no inline style; those it is made for may.
      },
      snippet.replace(/ style="[^"]*"/, ''),
    );
    equal(
      frame,
      {
        src: `${server.address({ query: '?embed=1' })}${new URL(link).hash}`,
        title: 'Weft: Producer–consumer',
        allow: 'cross-origin-isolated; clipboard-write',
        loading: 'lazy',
        size: ['420', '360'],
      },
      'the frame of the snippet',
    );
    await page.click('#embed');
    await checkAccessibility(page, 'the dialog');
    await page.keyboard.press('Escape');
    // Where nothing may be copied the page does not say that it was.
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));
    });
    await page.click('#copy-link');
    await page.waitForSelector('#share[open]');
    const selected = await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    equal(selected, link, 'what is selected for copying by hand');
    matches(await textOf(page, '#status'), /did not allow/, 'what is said');
  });

  await chromiumTest(context, 'the snippet in a page of another site', { server: { base: '/weft/', headers: 'none' } }, async (given) => {
    const { page, server } = given;
    await page.goto(server.address({ hash: small }));
    // It is loaded again on the way.
    await page.waitForFunction(() => document.documentElement.dataset.mode === 'live' && document.documentElement.dataset.loading === '0');
    const { snippet } = await shared(page);
    await page.addInitScript(() => {
      if (parent !== window) return;
      const noted = globalThis as unknown as { told: unknown[] };
      noted.told = [];
      addEventListener('message', ({ data }) => noted.told.push(data));
    });
    await page.goto(server.blogWith(snippet));
    const frame = await (await page.waitForSelector('iframe'))!.contentFrame();
    await frame!.waitForSelector('#chips .chip');
    await frame!.waitForSelector('#open-in-full');
    const { width, height } = (await page.locator('iframe').boundingBox())!;
    equal([width, height], [420, 360], 'size');
    equal(await frame!.evaluate(tooWide), [], 'what sticks out');
    const boxes = await frame!.evaluate(() =>
      ['#run', '#stop', '#chips .chip', '#open-in-full', '#timeline .chart'].map((selector) => {
        const { top, bottom, height: own } = document.querySelector(selector)!.getBoundingClientRect();
        return { selector, isInSight: top >= 0 && bottom <= innerHeight && own > 0, own };
      }),
    );
    equal(
      boxes.filter(({ isInSight }) => !isInSight),
      [],
      'what is out of sight',
    );
    holds(boxes.at(-1)!.own > 180, `the picture has ${boxes.at(-1)!.own} pixels`);
    // A chip changes a value, and opens its field over the picture.
    await frame!.click('#chip-items');
    await frame!.fill('#field-items', '30');
    await frame!.click('#chip-items');
    await frame!.click('#run');
    const shown = await embeddedRun(page);
    equal(await shown.evaluate(() => document.documentElement.dataset.exitCode), '0', 'exit status');
    const room = await shown.evaluate(() => document.querySelector('#timeline .lanes')!.clientHeight);
    holds(room > 100, `the lanes have ${room} pixels`);
    const full = await shown.evaluate(() => document.querySelector<HTMLAnchorElement>('#open-in-full')!.href);
    equal(new URL(full).search, '', 'the address in full');
    matches(new URL(full).hash, /^#v2\/producer-consumer\?items=30&produce_ms=2&consume_ms=2&/, 'the values of the embedded page');
    const told = await page.evaluate(() => (globalThis as unknown as { told: { type: string; height: number }[] }).told);
    const heights = told.filter(({ type }) => type === 'weft:height').map(({ height: each }) => each);
    holds(heights.length > 0 && heights.every((each) => each >= 240 && each <= 1600), `heights that were told: ${heights.join()}`);
  });

  await chromiumTest(context, 'embedded from a host with headers, in a page with headers', {}, async ({ page, server }) => {
    const frame = `<iframe src="${server.address({ query: '?embed=1', hash: small })}" allow="cross-origin-isolated" width="420" height="360"></iframe>`;
    await page.goto(server.blogWith(frame.replaceAll('&', '&amp;'), { isolated: true }));
    const embedded = await (await page.waitForSelector('iframe'))!.contentFrame();
    await embedded!.waitForSelector('#chips .chip');
    await embedded!.click('#run');
    const shown = await embeddedRun(page);
    equal(await shown.evaluate(() => document.documentElement.dataset.exitCode), '0', 'exit status');
  });

  await chromiumTest(context, 'files that are damaged, cut off, or of others', { limit: 240_000 }, async ({ page, open }) => {
    await open('#v2/producer-consumer');
    await untilRecorded(page);
    const whole = await stagedRun();
    const cases: [name: string, bytes: Buffer, english: RegExp, chinese: RegExp][] = [
      ['photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]), /no run/, /不是一次运行/],
      ['other.json', Buffer.from('{"traceEvents":[]}'), /another program/, /其他程序/],
      ['cut.weft', whole.subarray(0, 5), /cut off before/, /第一条记录/],
      ['bad.weft', Buffer.concat([whole.subarray(0, 40), Buffer.from('????????'), whole.subarray(48)]), /damaged/, /损坏/],
    ];
    for (const [name, bytes, english, chinese] of cases) {
      await openFile(page, name, bytes);
      matches(await untilNotice(page, 'openFailed'), english, name);
      await page.click('.segmented [lang="zh-Hans"]');
      await page.evaluate(() => weftTest.wait.until('the page is Chinese', () => document.documentElement.lang.startsWith('zh')));
      await page.evaluate(() => weftTest.wait.drawn());
      matches((await notices(page))[0]!.text, chinese, `${name} in Chinese`);
      await page.click('.segmented [lang="en"]');
      await page.evaluate(() => weftTest.wait.until('the page is English', () => document.documentElement.lang === 'en'));
      await dismissAll(page);
      equal(await page.evaluate(() => weftTest.sight.root().source), 'recorded', `what is shown after ${name}`);
    }
    await openFile(page, 'half.weft', whole.subarray(0, Math.floor(whole.length * 0.7)));
    matches(await untilNotice(page, 'cutOff'), /cut off in the middle.* \d+ in all/, 'a file that is cut off');
    await page.evaluate(() => weftTest.wait.until('its run is shown', () => weftTest.sight.root().source === 'opened'));
    holds((await page.evaluate(() => weftTest.sight.lanes().length)) > 0, 'it has lanes');
  });

  await chromiumTest(context, 'an exported run opens elsewhere and here', {}, async ({ page, open }) => {
    // Its consumers wait for each item, and are woken.
    await open('#v2/producer-consumer?items=20&produce_ms=4&consume_ms=1');
    await page.evaluate(() => weftTest.runs.runToTheEnd());
    const before = await page.evaluate(() => [weftTest.sight.lanes(), weftTest.sight.results(), weftTest.sight.lineCount()]);
    // The page's own download is caught before the browser takes it.
    const exported = await page.evaluate(async () => {
      const blobs: Blob[] = [];
      const { createObjectURL } = URL;
      URL.createObjectURL = (blob) => {
        blobs.push(blob as Blob);
        return createObjectURL(blob);
      };
      let name = '';
      HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
        name = this.download;
      };
      const workers: string[] = [];
      const { Worker: Plain } = globalThis;
      globalThis.Worker = class extends Plain {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          workers.push(String(url).replace(/^.*\//, ''));
        }
      };
      document.querySelector<HTMLElement>('#export-run')!.click();
      await weftTest.wait.until('the file is there', () => name !== '');
      const bytes = new Uint8Array(await blobs[0]!.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return { name, workers, base64: btoa(text) };
    });
    matches(exported.name, /^producer-consumer-.*\.json\.gz$/, 'name of the file');
    matches(exported.workers.join(), /^export\./, 'the worker that wrote it');
    const packed = Buffer.from(exported.base64, 'base64');
    const { traceEvents } = JSON.parse(gunzipSync(packed).toString()) as { traceEvents: TraceEvent[] };
    for (const read of [readAsPerfetto, readAsSpeedscope, readAsFirefoxProfiler]) {
      equal(read(structuredClone(traceEvents)).complaints, [], read.name);
    }
    holds(readAsPerfetto(traceEvents).arrows.length > 3, 'it has arrows');
    holds(
      traceEvents.some(({ name }) => name === 'running'),
      'threads run in it',
    );
    await page.goto('about:blank');
    await open('#v2/thread-pool');
    await openFile(page, exported.name, packed);
    await page.evaluate(async () => {
      await weftTest.wait.until('the run is shown', () => weftTest.sight.root().source === 'opened');
      await weftTest.sight.untilLoaded();
      await weftTest.wait.drawn();
    });
    equal(
      await page.evaluate(() => [weftTest.sight.lanes(), weftTest.sight.results(), weftTest.sight.lineCount()]),
      before,
      'the run that was exported and opened',
    );
  });
};
