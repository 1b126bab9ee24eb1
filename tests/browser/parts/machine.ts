import { readdirSync, readFileSync } from 'node:fs';
import type { ChromiumTest } from '../kit/chromium_test.ts';
import { chromiumTest } from '../kit/chromium_test.ts';
import { pause } from '../kit/deadline.ts';
import { launchChromium } from '../browsers/chromium.ts';
import type { Launched } from '../browsers/chromium.ts';
import { DevTools } from '../browsers/devtools.ts';
import { equal, holds } from '../drive/expect.ts';
import { driveScripts } from '../kit/drive_scripts.ts';
import { test } from '../kit/part.ts';
import type { Part } from '../kit/part.ts';
import { TestServer } from '../kit/test_server.ts';

interface Alive {
  /** What the page itself counts. */
  counted: string;
  /** Threads of the operating system that are workers. */
  workerThreads: number;
  /** Address space in use, in GB. A shared memory of WebAssembly takes several, however small it is. */
  reserved: number;
}

const readText = (file: string) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
};

/** The browser's processes that run pages. */
function renderers(group: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const fields = readText(`/proc/${name}/stat`).split(') ')[1]?.split(' ');
    return Number(fields?.[2]) === group && readText(`/proc/${name}/cmdline`).includes('--type=renderer');
  });
}

function threadsOf(process: string): string[] {
  try {
    return readdirSync(`/proc/${process}/task`).map((thread) => readText(`/proc/${process}/task/${thread}/comm`).trim());
  } catch {
    return [];
  }
}

/** What is alive, as the page counts it and as the operating system does. */
async function alive({ page, chromium, devtools }: ChromiumTest): Promise<Alive> {
  await devtools.send('HeapProfiler.collectGarbage');
  const counted = await page.evaluate(() => {
    const { processes, memories, workers, standby } = weftTest.sight.root();
    return JSON.stringify({ processes, memories, workers, standby });
  });
  const found = renderers(chromium.group.child.pid!);
  const workerThreads = found.flatMap(threadsOf).filter((name) => name.startsWith('DedicatedWorker')).length;
  const kilobytes = found.map((process) => Number(/^VmSize:\s+(\d+)/m.exec(readText(`/proc/${process}/status`))?.[1] ?? 0));
  return { counted, workerThreads, reserved: Math.max(...kilobytes) / 1e6 };
}

/** Waits until what is alive is the same three times in a row. */
async function settled(given: ChromiumTest): Promise<Alive> {
  let before = await alive(given);
  for (let same = 0; same < 3; ) {
    await pause(400);
    const now = await alive(given);
    same = now.counted === before.counted && now.workerThreads === before.workerThreads ? same + 1 : 0;
    before = now;
  }
  return before;
}

const describe = ({ counted, workerThreads, reserved }: Alive) =>
  `${counted}, ${workerThreads} threads of workers, ${reserved.toFixed(1)} GB reserved`;

async function backToWhereItBegan(given: ChromiumTest, began: Alive): Promise<void> {
  // Chromium lets a spinning thread go on for two seconds, and four below another one.
  const end = performance.now() + 60_000;
  for (;;) {
    const now = await alive(given);
    const isBack = now.counted === began.counted && now.workerThreads <= began.workerThreads && now.reserved < began.reserved + 4;
    if (isBack) return;
    if (performance.now() > end) throw new Error(`began with ${describe(began)}; a minute after the last run: ${describe(now)}`);
    await pause(250);
  }
}

async function runAndStop({ page }: ChromiumTest): Promise<void> {
  await page.evaluate(async () => {
    await weftTest.runs.startRun();
    weftTest.user.click('stop');
    await weftTest.sight.untilIdle();
  });
}

/** Another tab comes to the front while a run is going on. Playwright would make the page believe that it is in front itself. */
async function runHidden(tools: DevTools, server: TestServer): Promise<void> {
  const runs = [
    { hash: '#v1/producer-consumer?items=300&produce_ms=10&consume_ms=10', lines: 603, checks: { exactly_once: true } },
    // A writer whose ring nobody empties would wait for ever.
    { hash: '#v1/flood?records=200000&seconds=3', lines: 1, checks: {} },
  ];
  for (const { hash, lines, checks } of runs) {
    const tab = await tools.open(server.address({ hash }));
    const state = () => tab.evaluate<string>('document.documentElement.dataset.state ?? ""');
    const visibility = () => tab.evaluate<string>('document.visibilityState');
    // While a document makes way for the next there is nothing to evaluate in.
    const mode = () => tab.evaluate<string>('document.documentElement?.dataset.mode ?? ""').catch(() => '');
    for (let tries = 0; (await mode()) !== 'live'; tries += 1) {
      holds(tries < 600, 'the page has threads');
      await pause(100);
    }
    await tab.evaluate((await driveScripts()).tools);
    await tab.evaluate('weftTest.runs.startRun()');
    await tools.open('about:blank');
    equal([await state(), await visibility()], ['running', 'hidden'], 'state and visibility once another tab is in front');
    for (let tries = 0; (await state()) !== 'idle'; tries += 1) {
      holds(tries < 900, 'the run ends while the page is hidden');
      await pause(100);
    }
    equal(await visibility(), 'hidden', 'visibility at the end of the run');
    await tab.toFront();
    await tab.evaluate('weftTest.sight.untilIdle()');
    const seen = await tab.evaluate(
      '({ code: weftTest.sight.root().exitCode, losses: weftTest.sight.losses(), lines: weftTest.sight.lineCount(), checks: weftTest.sight.checks() })',
    );
    equal(seen, { code: '0', losses: [], lines, checks }, 'what the page shows');
  }
}

/** What only Chromium lets one see of the machine. */
export const machine: Part = async (context) => {
  for (const what of ['wait', 'points', 'bare']) {
    await chromiumTest(context, `20 times Run and Stop leave nothing behind, ${what}`, {}, async (given) => {
      await given.open(`#v1/endless-loop?what=${what}`);
      // The first run brings what stays: the pulse, the code.
      await runAndStop(given);
      // Longer than Chromium takes to end the threads of a process that was terminated.
      await pause(5000);
      const began = await settled(given);
      holds(began.workerThreads > 0, `workers can be counted: ${describe(began)}`);
      for (let round = 0; round < 20; round += 1) await runAndStop(given);
      await backToWhereItBegan(given, began);
    });
  }

  let browser: Launched | undefined;
  let server: TestServer | undefined;
  const body = async () => {
    server = await new TestServer().listen();
    browser = await launchChromium();
    await runHidden(await DevTools.connect(browser.endpoint), server);
  };
  await test(context, 'chromium: a run goes on in a page that is hidden', 180_000, body, async () => {
    await browser?.close();
    await server?.close();
  });
};
