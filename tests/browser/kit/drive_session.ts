import { DeadlineError, within } from './deadline.ts';
import { textOf } from './report.ts';
import type { Report } from './report.ts';
import type { Message, TestServer } from './test_server.ts';

/** A test that the driver in the page does by itself. */
export interface DriveTest {
  name: string;
  /** Where the page is opened. */
  hash: string;
  /** ms until it is taken for hanging; an upper bound for slow machines, not a measure. */
  limit: number;
  /** Faults that the scenario is there to cause. */
  faults?: RegExp[];
  /** Engines that it is for; all if none are named. */
  engines?: readonly string[];
  /** It leaves threads that the engine may not be able to end: the next test gets another browser. */
  spoilsBrowser?: boolean;
}

/** A browser that was told to open an address. */
export interface OpenBrowser {
  /** What has gone wrong in the browser since the last time this was called. */
  takeFaults(): string[];
  /** What it wrote last, for failures. */
  lastLines(): string[];
  /** Resolves when it is gone although nobody closed it. */
  readonly gone: Promise<string>;
  close(): Promise<void>;
}

export type Opener = (address: string) => Promise<OpenBrowser>;

export interface DriveOptions {
  label: string;
  server: TestServer;
  tests: readonly DriveTest[];
  open: Opener;
  report: Report;
  host?: string;
  /** ms until the browser counts as not starting. */
  startLimit?: number;
}

let runs = 0;

/**
 * Opens the page in a browser and lets its driver do the tests one after the other, each in a page
 * of its own. Whatever hangs or dies is killed with its browser; the next test gets a new one.
 */
export async function drive({ label, server, tests, open, report, host, startLimit = 90_000 }: DriveOptions): Promise<void> {
  runs += 1;
  const run = String(runs);
  const reported = new Map<string, (message: Message) => void>();
  let lastNote = 'the page said nothing';

  const addressOf = (test: DriveTest) =>
    server.address({ host, query: `?run=${run}&scenario=${encodeURIComponent(test.name)}`, hash: test.hash });

  server.listenTo(run, {
    onNote: ({ scenario, text, faults }) => {
      lastNote = [`last said in ${scenario}: ${text}`, ...faults].join('\n');
    },
    onReport: (message) => {
      reported.get(message.scenario)?.(message);
      const place = tests.findIndex(({ name }) => name === message.scenario);
      const next = tests[place + 1];
      return next && !tests[place]!.spoilsBrowser ? addressOf(next) : null;
    },
  });

  let browser: OpenBrowser | null = null;
  for (const test of tests) {
    const name = `${label}: ${test.name}`;
    const began = performance.now();
    lastNote = 'the page said nothing';
    server.refused.length = 0;
    const message = new Promise<Message>((resolve) => reported.set(test.name, resolve));
    try {
      browser ??= await within(startLimit, `${label} starts`, open(addressOf(test)));
      const died = browser.gone.then((how) => {
        throw new Error(`the browser ${how}`);
      });
      died.catch(() => {});
      const { ok, text, faults } = await within(test.limit, test.name, Promise.race([message, died]));
      const all = [...faults, ...browser.takeFaults(), ...server.refused.map((what) => `refused: ${what}`)].filter(
        (fault) => !test.faults?.some((expected) => expected.test(fault)),
      );
      const isGood = ok && all.length === 0;
      if (isGood) report.pass(name, performance.now() - began);
      else report.fail(name, performance.now() - began, [text, ...all].filter(Boolean).join('\n'));
      // What went wrong in one test is not to go on in the next.
      if (!isGood || test.spoilsBrowser) {
        await browser.close();
        browser = null;
      }
    } catch (error) {
      const lines = browser?.lastLines() ?? [];
      const why = error instanceof DeadlineError ? error.message : textOf(error);
      report.fail(name, performance.now() - began, [why, lastNote, ...(browser?.takeFaults() ?? []), ...lines.slice(-10)].join('\n'));
      await browser?.close();
      browser = null;
    }
  }
  await browser?.close();
}
