import { equal, holds } from '../expect.ts';
import { runToTheEnd } from '../run.ts';
import { scenario } from '../scenario.ts';
import { checks, isRunEnabled, lanes, lineCount, notices, results, root, untilIdle, untilLoaded } from '../sight.ts';
import { chooseDemo, click, press } from '../user.ts';
import { drawn, pause, until } from '../wait.ts';

const small = '#v1/producer-consumer?items=30&produce_ms=1&consume_ms=1';

async function runSmall(): Promise<void> {
  await runToTheEnd();
  equal([results().consumed, checks()], ['30', { exactly_once: true }], 'items and checks');
}

const untilDecided = () => until('it is clear whether there are threads', () => root().mode === 'live' || root().mode === 'recorded');

/** How many files the service worker keeps. */
async function keptFiles(): Promise<number> {
  let count = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith('settings')) count += (await (await caches.open(name)).keys()).length;
  }
  return count;
}

async function untilKept(files: number): Promise<void> {
  for (let tries = 0; (await keptFiles()) < files; tries += 1) {
    holds(tries < 600, `${files} files are kept, not ${await keptFiles()}`);
    await pause(100);
  }
}

/** A page without threads shows a run that was recorded, says why, and runs nothing. */
async function checkRecorded(reason: string, words: RegExp[]): Promise<void> {
  await untilDecided();
  await until('a recorded run is there', () => root().source === 'recorded');
  await drawn();
  await untilLoaded();
  equal(root().mode, 'recorded', 'mode');
  equal(
    notices().map((notice) => notice.reason),
    [reason],
    'reasons in the notices',
  );
  for (const word of words) await until(`the notice says ${word}`, () => word.test(notices()[0]!.text));
  holds(lineCount() > 0 && lanes().length > 1, 'the recorded run has lines and lanes');
  holds(Object.keys(results()).length > 0, 'the recorded run has results');
  click('run');
  press('Enter', { ctrl: true });
  await pause(300);
  equal([root().state, root().source], ['idle', 'recorded'], 'state and source after Run');
  const id = await chooseDemo();
  await until('the recorded run of the other demo is there', () => root().demo === id && root().source === 'recorded');
  await drawn();
  holds(lanes().length > 1, 'the recorded run of the other demo has lanes');
}

const hasChromium = () => 'userAgentData' in navigator;

export const hosting = [
  scenario('a static host under a sub-path, then none at all', small, async ({ load, kept, note, ask, expected, reload }) => {
    await untilDecided();
    equal(root().mode, 'live', `mode; ${JSON.stringify(notices())}`);
    if (kept.step === undefined) {
      await pause(1500);
      equal(load, 1, 'reloads for the sake of isolation');
      await runSmall();
      note('waits until the files are kept');
      await untilKept(await expected<number>('files'));
      await ask('offline', 'on');
      kept.step = 'offline';
      await reload();
    }
    if (kept.step === 'offline') {
      note('is offline');
      equal(load, 2, 'loads');
      await until('a recorded run is there', () => root().source === 'recorded');
      await runSmall();
      await ask('offline', 'off');
      kept.step = 'online';
      await reload();
    }
    equal(load, 3, 'loads');
    await runSmall();
  }),

  scenario('no headers and no service worker', small, () => checkRecorded('service-worker-failed', [/service worker/i, /[Rr]eload/]), {
    // The browser itself says that the file is not there.
    faults: [/sw\.js|404/],
  }),

  scenario('an unprotected connection', small, () => checkRecorded('insecure-context', [/unprotected/, /https/])),

  scenario('in a frame of another site', small, async () => {
    await untilDecided();
    if (hasChromium()) {
      equal([root().mode, crossOriginIsolated], ['live', true], 'mode and isolation');
      await runSmall();
    } else {
      await checkRecorded('framed', [/frame/, /tab/]);
      const link = document.querySelector<HTMLAnchorElement>('#isolation a[target="_blank"]');
      equal(link?.href.replace(/#.*/, ''), location.href.replace(/#.*/, ''), 'where the link leads');
    }
  }),

  // The page is loaded again once the reader has acted, for the sake of isolation; then it runs by itself.
  scenario('embedded in a page of another site', small, async ({ load, ask }) => {
    await until('there is a button', () => document.getElementById('run') !== null);
    if (load === 0) {
      await untilLoaded();
      await pause(1000);
      equal([root().mode, root().source, root().state], ['preparing', 'none', 'idle'], 'mode, source and state before the reader acts');
      const early = (await ask<string[]>('requested')).filter(
        (path) => !/\/(weft\/)?$|\.(css|svg)$|\/(app|part|catalogue)\.[^/]*$/.test(path),
      );
      equal(early, [], 'what is loaded before the reader acts');
      click('run');
    }
    await untilDecided();
    if (hasChromium()) {
      equal(root().mode, 'live', `mode; ${JSON.stringify(notices())}`);
      await until('the run has ended', () => root().source === 'live' && root().state === 'idle');
      await drawn();
      equal(root().exitCode, '0', 'exit status');
    } else {
      await until('a recorded run is there', () => root().source === 'recorded');
      await untilLoaded();
      equal(
        notices().map(({ reason }) => reason),
        ['framed'],
        'reasons',
      );
    }
    holds(lanes().length > 1, 'the run has lanes');
  }),

  scenario('embedded from a host with headers of its own', small, async ({ load }) => {
    await until('there is a button', () => document.getElementById('run') !== null);
    if (load === 0) click('run');
    await untilDecided();
    await until('a recorded run is there', () => root().source === 'recorded');
    await untilLoaded();
    await until('there is a notice', () => notices().length > 0);
    // A browser that isolates a document in a frame would do so here but for the headers of the host.
    const [notice] = notices();
    equal(notice!.reason, hasChromium() ? 'host-headers' : 'framed', 'reason');
    if (hasChromium()) await until('the notice names them', () => /Cross-Origin-Embedder-Policy: require-corp/.test(notices()[0]!.text));
  }),

  scenario('Run before it is clear whether there are threads', small, async ({ load }) => {
    await until('there is a button', () => document.getElementById('run') !== null);
    click('run');
    // On the first load the page goes away for the sake of isolation; on the second the run goes on.
    await untilDecided();
    await untilIdle();
    holds(load >= 1, 'the page was loaded again');
    equal(root().mode, 'live', 'mode');
    equal(isRunEnabled(), true, 'Run is enabled');
    await runSmall();
  }),
];
