import { Chromium, watchPage } from '../browsers/chromium.ts';
import type { CDPSession, Page } from '../browsers/chromium.ts';
import type * as Tools from '../drive/tools.ts';
import { driveScripts } from './drive_scripts.ts';
import { test } from './part.ts';
import type { PartContext } from './part.ts';
import { TestServer } from './test_server.ts';
import type { TestServerOptions } from './test_server.ts';

declare global {
  /** In the page: see drive/tools.ts. */
  var weftTest: typeof Tools;
}

export interface ChromiumTest {
  chromium: Chromium;
  server: TestServer;
  page: Page;
  /** What has gone wrong in the page; anything in it at the end fails the test. */
  faults: string[];
  devtools: CDPSession;
  /** Opens the page and waits until it has threads. */
  open(hash: string): Promise<void>;
}

export interface ChromiumOptions {
  server?: TestServerOptions;
  args?: string[];
  limit?: number;
  /** Faults that the test is there to cause. */
  expects?: RegExp[];
}

const usualLimit = 180_000;

/** A test that Node drives in a Chromium of its own. */
export async function chromiumTest(
  context: PartContext,
  name: string,
  options: ChromiumOptions,
  body: (given: ChromiumTest) => Promise<void>,
): Promise<void> {
  let server: TestServer | undefined;
  let chromium: Chromium | undefined;
  const run = async () => {
    server = await new TestServer(options.server).listen();
    chromium = await Chromium.start(options.args);
    const page = await chromium.context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    await chromium.context.addInitScript((await driveScripts()).tools);
    const faults = watchPage(page);
    const devtools = await chromium.context.newCDPSession(page);
    const given: ChromiumTest = {
      chromium,
      server,
      page,
      faults,
      devtools,
      async open(hash) {
        await page.goto(server!.address({ hash }));
        await page.evaluate(() => weftTest.sight.untilLive());
      },
    };
    await body(given);
    const left = faults.filter((fault) => !options.expects?.some((expected) => expected.test(fault)));
    if (left.length > 0) throw new Error(`went wrong in the page:\n${left.join('\n')}`);
    if (server.refused.length > 0) throw new Error(`refused: ${server.refused.join(', ')}`);
  };
  await test(context, `chromium: ${name}`, options.limit ?? usualLimit, run, async () => {
    await chromium?.close();
    await server?.close();
  });
}
