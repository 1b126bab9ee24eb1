import { equal, holds, within } from '../expect.ts';
import { checkEnding, runToTheEnd, startRun } from '../run.ts';
import { scenario } from '../scenario.ts';
import {
  checks,
  consoleLines,
  form,
  isRunEnabled,
  isStopEnabled,
  lanes,
  lineCount,
  results,
  root,
  stateKind,
  untilIdle,
  untilLive,
} from '../sight.ts';
import { click, press } from '../user.ts';
import { pause, until } from '../wait.ts';

interface Stop {
  what: 'points' | 'wait' | 'bare';
  threads: number;
  rounds: number;
  outcome: string;
  exitCode: number;
  engines?: string[];
}

const stopped = { outcome: 'stopped', exitCode: 130 };
/** Threads that never look can only be ended by force. */
const killed = { outcome: 'killed', exitCode: 137 };

/** WebKit cannot end a thread within a loop of WebAssembly: it spins until the browser is closed. */
const canEndLoops = ['chromium', 'firefox'];

const stops: Stop[] = [
  { what: 'points', threads: 4, rounds: 5, ...stopped },
  { what: 'wait', threads: 4, rounds: 5, ...stopped },
  { what: 'bare', threads: 4, rounds: 5, ...killed, engines: canEndLoops },
  // The page is free and runs again there, too; each round takes a core away.
  { what: 'bare', threads: 1, rounds: 2, ...killed, engines: ['webkit'] },
];

async function untilPrinted(text: string): Promise<void> {
  await until(`the console says ${text}`, () =>
    [...document.querySelectorAll('#console .line-text')].some((line) => line.textContent === text),
  );
}

const endless = stops.map(({ what, threads, rounds, outcome, exitCode, engines }) =>
  scenario(
    `stopping an endless loop, ${what}, ${rounds} times`,
    `#v1/endless-loop?what=${what}&threads=${threads}`,
    async ({ note }) => {
      await untilLive();
      for (let round = 0; round < rounds; round += 1) {
        note(`round ${round}`);
        await startRun(round % 2 === 0 ? 'button' : 'keys');
        await untilPrinted('running');
        await until('all threads have a lane', () => lanes().length === threads + 1);
        equal([isRunEnabled(), isStopEnabled()], [false, true], `Run and Stop in state ${root().state} ${root().outcome}`);
        if (round % 2 === 0) click('stop');
        else press('Escape');
        await untilIdle();
        checkEnding({ outcome, exitCode }, ` in round ${round}`);
        equal(stateKind(), outcome, 'what the bar says');
        equal([isRunEnabled(), isStopEnabled()], [true, false], 'Run and Stop after it');
        equal(lineCount(), 1, 'lines on the console');
      }
    },
    { limit: 240_000, spoilsBrowser: what === 'bare', ...(engines && { engines }) },
  ),
);

export const stopping = [
  ...endless,

  scenario(
    'stopping twice ends it at once',
    '#v1/endless-loop?what=bare',
    async () => {
      await untilLive();
      await startRun();
      await untilPrinted('running');
      press('Escape');
      // Asked twice: the second time ends it at once.
      press('Escape');
      await untilIdle();
      checkEnding(killed);
    },
    { spoilsBrowser: true },
  ),

  scenario('stopping a demo in the middle keeps what it did', '#v1/producer-consumer?items=100000&produce_ms=2&consume_ms=2', async () => {
    await untilLive();
    await startRun();
    await until('something was consumed', () => lanes().length === 5 && root().state === 'running');
    await pause(500);
    click('stop');
    await untilIdle();
    checkEnding(stopped);
    equal([checks(), results()], [{}, {}], 'checks and results of a run that was stopped');
    holds(lineCount() >= 1, 'what was printed is still there');
    equal(lanes().length, 5, 'lanes');
  }),

  scenario('stopping while it starts', '#v1/endless-loop?what=wait', async ({ note }) => {
    // Not even live yet: the machine is being loaded.
    await until('there is a button', () => document.getElementById('run') !== null);
    click('run');
    press('Escape');
    await untilIdle();
    await untilLive();
    for (const delay of [0, 0, 1, 3, 10, 20, 40, 80, 160, 0]) {
      note(`Stop ${delay} ms after Run`);
      click('run');
      if (delay > 0) await pause(delay);
      // The button takes a frame to be enabled; the key need not wait for it.
      if (isStopEnabled()) click('stop');
      else press('Escape');
      await untilIdle();
      holds(['killed', 'stopped', ''].includes(root().outcome ?? ''), `it was stopped, not ${root().outcome}`);
      equal(isRunEnabled(), true, 'Run is enabled');
    }
    location.hash = '#v1/producer-consumer?items=20&produce_ms=1&consume_ms=1';
    await until('the other demo is shown', () => root().demo === 'producer-consumer');
    await runToTheEnd();
    equal([results().consumed, checks()], ['20', { exactly_once: true }], 'items and checks');
  }),

  scenario('a double click on Run runs once', '#v1/producer-consumer?items=30&produce_ms=3&consume_ms=3', async () => {
    await untilLive();
    for (let round = 0; round < 3; round += 1) {
      click('run');
      click('run');
      document.getElementById('run')!.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
      press('Enter', { ctrl: true });
      await until('it runs', () => root().state === 'running');
      click('run');
      await untilIdle();
      checkEnding({ outcome: 'exited', exitCode: 0 });
      await pause(200);
      equal(root().state, 'idle', 'state a little later');
      equal((await consoleLines()).length, 63, 'lines on the console');
      equal(results().consumed, '30', 'items');
    }
  }),

  ...(['points', 'bare'] as const).map((what) =>
    scenario(
      `reloading while it runs, ${what}`,
      `#v1/endless-loop?what=${what}&threads=3`,
      async ({ load, kept, reload }) => {
        await untilLive();
        if (load > 0) {
          equal(form(), { threads: '3', what }, 'the form');
          equal(root().state, 'idle', 'state after the reload');
        }
        if (load < 3) {
          await startRun();
          await untilPrinted('running');
          await until('all threads have a lane', () => lanes().length === 4);
          kept.seen = load;
          await reload();
        }
        location.hash = '#v1/thread-pool?workers=2&tasks=4&cost=1&compare=false';
        await until('the other demo is shown', () => root().demo === 'thread-pool');
        await runToTheEnd();
        within(lanes().length, 2, 3, 'lanes');
      },
      what === 'bare' ? { spoilsBrowser: true, engines: canEndLoops } : {},
    ),
  ),

  scenario('another demo while one runs', '#v1/endless-loop?what=points', async () => {
    await untilLive();
    await startRun();
    await untilPrinted('running');
    location.hash = '#v1/producer-consumer?items=20&produce_ms=1&consume_ms=1';
    await until('the other demo is shown', () => root().demo === 'producer-consumer');
    await untilIdle();
    await runToTheEnd();
    equal(results().consumed, '20', 'items');
  }),
];
