import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import playwright from '../../../web/node_modules/playwright-core/index.js';
import type { Browser, BrowserContext, CDPSession, Frame, Page } from '../../../web/node_modules/playwright-core/index.js';
import { within } from '../kit/deadline.ts';
import type { OpenBrowser } from '../kit/drive_session.ts';
import { ProcessGroup } from '../kit/process_group.ts';
import { findProgram } from './find_program.ts';

export type { Browser, BrowserContext, CDPSession, Frame, Page };

export const flags = [
  '--no-sandbox',
  '--window-size=1440,900',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A host name that is not a secure context, for the page without a right to threads.
  '--host-resolver-rules=MAP weft.test 127.0.0.1',
];

export interface Launched {
  /** Address of the developer tools' protocol. */
  readonly endpoint: string;
  readonly group: ProcessGroup;
  close(): Promise<void>;
}

/** Starts a Chromium with a profile of its own, which can be killed whatever it is busy with. */
export async function launchChromium(args: string[] = [], address = 'about:blank'): Promise<Launched> {
  const profile = await mkdtemp(path.join(tmpdir(), 'weft-chromium-'));
  let listening: (endpoint: string) => void = () => {};
  const listens = new Promise<string>((resolve) => (listening = resolve));
  const program = findProgram('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome']);
  const group = new ProcessGroup(
    program,
    ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...flags, ...args, address],
    {
      env: { ...process.env, HOME: profile },
      onLine: (line) => {
        const match = /^DevTools listening on (ws:.*)$/.exec(line);
        if (match) listening(match[1]!);
      },
    },
  );
  const close = async () => {
    await group.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const failed = group.ended.then((how) => {
    throw new Error(`Chromium ${how}: ${group.lastLines.join('\n')}`);
  });
  failed.catch(() => {});
  try {
    const endpoint = await within(60_000, 'Chromium starts', Promise.race([listens, failed]));
    return { endpoint, group, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A Chromium that Playwright drives. */
export class Chromium {
  readonly browser: Browser;
  /** The usual context of the profile: what is not usual, as blocked cookies, is so in it neither. */
  readonly context: BrowserContext;
  readonly group: ProcessGroup;
  readonly close: () => Promise<void>;

  private constructor(browser: Browser, { group, close }: Launched) {
    this.browser = browser;
    this.context = browser.contexts()[0]!;
    this.group = group;
    this.close = close;
  }

  static async start(args?: string[]): Promise<Chromium> {
    const launched = await launchChromium(args);
    try {
      return new Chromium(await playwright.chromium.connectOverCDP(launched.endpoint, { timeout: 60_000 }), launched);
    } catch (error) {
      await launched.close();
      throw error;
    }
  }
}

/** Keeps what goes wrong in the page and in its workers. */
export function watchPage(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => faults.push(`page error: ${error.stack ?? error.message}`));
  page.on('crash', () => faults.push('the page crashed'));
  return faults;
}

export async function openChromium(address: string): Promise<OpenBrowser> {
  const chromium = await Chromium.start();
  try {
    const page = await chromium.context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    const faults = watchPage(page);
    await page.goto(address, { timeout: 60_000, waitUntil: 'commit' });
    return {
      gone: chromium.group.ended,
      takeFaults: () => faults.splice(0),
      lastLines: () => chromium.group.lastLines,
      close: () => chromium.close(),
    };
  } catch (error) {
    await chromium.close();
    throw error;
  }
}
