import { click, press } from './user.ts';
import { equal } from './expect.ts';
import { losses, root, untilIdle } from './sight.ts';
import { drawn, until } from './wait.ts';

/** Starts a run with the button and waits until the page shows it. */
export async function startRun(how: 'button' | 'keys' = 'button'): Promise<void> {
  if (how === 'button') click('run');
  else press('Enter', { ctrl: true });
  await until('the run is the one on the page', () => root().source === 'live' && root().state !== 'starting');
  await drawn(); // until then the run before is in sight
}

export interface Ending {
  outcome: string;
  exitCode: number;
}

/** Runs to the end, which has to be this one. */
export async function runToTheEnd(wanted: Ending = { outcome: 'exited', exitCode: 0 }, how: 'button' | 'keys' = 'button'): Promise<void> {
  await startRun(how);
  await untilIdle();
  checkEnding(wanted);
  equal(losses(), [], 'records lost');
}

/** The run has ended in this way. */
export function checkEnding(wanted: Ending, when = ''): void {
  equal(ending(), wanted, `how the run ended${when}; the page says ${JSON.stringify(said())}`);
}

/** What is in sight of the reasons for an ending. */
const said = () =>
  [...document.querySelectorAll('#state, #results .uncaught li, .crash-text, #console .line-text')]
    .map((each) => each.textContent!.trim())
    .slice(0, 10);

const ending = (): Ending => ({ outcome: root().outcome ?? '', exitCode: Number(root().exitCode) });
