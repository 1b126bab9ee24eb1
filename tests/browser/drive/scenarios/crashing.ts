import { equal, holds, matches } from '../expect.ts';
import { runToTheEnd } from '../run.ts';
import { scenario } from '../scenario.ts';
import { checks, consoleLines, crashTexts, results, root, stateKind, stateText, uncaught, untilLive } from '../sight.ts';
import { until } from '../wait.ts';

interface Crash {
  how: string;
  where: string;
  outcome: 'exited' | 'crashed';
  exitCode: number;
  /** What the bar says, as a kind and in words. */
  kind: string;
  words: RegExp;
  /** What the page says went wrong. */
  text: RegExp | null;
}

// As in Python, an exception in a thread ends that thread and is told of; the process goes on.
const crashes: Crash[] = [
  {
    how: 'exception',
    where: 'main',
    outcome: 'exited',
    exitCode: 1,
    kind: 'failed',
    words: /exception/,
    text: /std::runtime_error: thrown on purpose/,
  },
  {
    how: 'exception',
    where: 'thread',
    outcome: 'exited',
    exitCode: 0,
    kind: 'finished',
    words: /Finished/,
    text: /std::runtime_error: thrown on purpose.*unlucky/,
  },
  { how: 'check', where: 'main', outcome: 'exited', exitCode: 1, kind: 'failed-check', words: /not everything/, text: null },
  { how: 'check', where: 'thread', outcome: 'exited', exitCode: 1, kind: 'failed-check', words: /not everything/, text: null },
  { how: 'trap', where: 'main', outcome: 'crashed', exitCode: 134, kind: 'crashed', words: /Crashed/, text: /unreachable/i },
  { how: 'trap', where: 'thread', outcome: 'crashed', exitCode: 134, kind: 'crashed', words: /Crashed/, text: /unreachable/i },
  {
    how: 'stack',
    where: 'main',
    outcome: 'crashed',
    exitCode: 134,
    kind: 'crashed',
    words: /Crashed/,
    text: /stack|recursion|out of bounds|memory access/i,
  },
  {
    how: 'stack',
    where: 'thread',
    outcome: 'crashed',
    exitCode: 134,
    kind: 'crashed',
    words: /Crashed/,
    text: /stack|recursion|out of bounds|memory access/i,
  },
];

const addressOf = ({ how, where }: Crash) => `#v1/crash?how=${how}&where=${where}`;

async function checkCrash({ outcome, exitCode, kind, words, text, how }: Crash): Promise<void> {
  await runToTheEnd({ outcome, exitCode });
  equal(stateKind(), kind, 'what the bar says');
  matches(stateText(), words, 'the words of the bar');
  const lines = (await consoleLines()).map((line) => line.text);
  // A stack that overflows runs over whatever lies below it; what was recorded there may be lost.
  if (how !== 'stack') equal(lines[0], 'about to go wrong', 'what was printed before');
  if (text) matches([stateText(), ...uncaught(), ...crashTexts(), ...lines].join('\n'), text, 'what the page says went wrong');
  if (how === 'check') equal(checks(), { never: false }, 'checks');
}

export const crashing = crashes.map((crash) =>
  scenario(
    `a crash is told: ${crash.how}, ${crash.where}`,
    addressOf(crash),
    async () => {
      await untilLive();
      await checkCrash(crash);
      await checkCrash(crash);
      location.hash = '#v1/producer-consumer?items=20&produce_ms=1&consume_ms=1';
      await until('the other demo is shown', () => root().demo === 'producer-consumer');
      await runToTheEnd();
      equal([results().consumed, checks()], ['20', { exactly_once: true }], 'items and checks of a run after the crash');
      holds(uncaught().length === 0, 'nothing of the crash is left');
    },
    {
      // What the browser itself says of the error that the demo is there to make.
      faults: crash.outcome === 'crashed' ? [/unreachable|stack|recursion|out of bounds|worker sent an error/i] : [],
    },
  ),
);
