import { equal, holds, within } from '../expect.ts';
import { runToTheEnd } from '../run.ts';
import { scenario } from '../scenario.ts';
import {
  checks,
  consoleLines,
  counters,
  form,
  hasField,
  hasPicture,
  lanes,
  paintedLanes,
  picture,
  pictureLegend,
  results,
  taskFigures,
  taskWorkers,
  timelineTable,
  untilLive,
} from '../sight.ts';
import { fillAll } from '../user.ts';
import { until } from '../wait.ts';

/** What the native program has made of the same parameters. */
export interface Computed {
  iterations: string;
  /** By the number of the task. */
  iterationsOf: Record<string, string>;
  picture: { width: number; height: number; hash: string };
}

const total = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0);

/** Lanes, tasks and counters agree about who did how much. */
async function checkPool(workers: number, tasks: number): Promise<void> {
  const [first, ...others] = lanes();
  holds(/^main/i.test(first ?? ''), `the first lane is the main thread, not ${first}`);
  within(others.length, 1, workers, 'lanes of workers');
  equal((await paintedLanes()).includes(false), false, 'lanes with nothing in them');
  // A worker that came too late for any task has a lane all the same.
  for (const { name } of taskWorkers()) holds(others.includes(name), `${name}, which has done tasks, has a lane`);
  equal(total(taskWorkers().map((worker) => worker.tasks)), tasks, 'tasks of all workers');
  const figures = taskFigures();
  equal([figures.submitted, figures.waiting, figures.running, figures.done], [String(tasks), '0', '0', String(tasks)], 'tasks');
  equal([figures.failed, figures.cancelled], [undefined, undefined], 'tasks that went wrong');
  const waiting = counters().at(-1)!;
  equal([waiting.put, waiting.taken, waiting.now], [tasks, tasks, 0], 'tasks that came and went');
  within(waiting.most, 1, tasks, 'most tasks waiting');
  equal(Object.keys(await timelineTable()).sort(), lanes().sort(), 'rows of the timeline as a table');
  const threads = new Set((await consoleLines()).map(({ thread }) => thread));
  for (const thread of threads) holds(lanes().includes(thread), `${thread}, which has printed, has a lane`);
}

export const threadPool = [
  scenario('thread pool that computes, filled in', '#v1/thread-pool', async ({ expected }) => {
    await untilLive();
    await fillAll({ workers: 3, tasks: 10, cost: 2, seed: 7 });
    await until('the address has the values', () => location.hash === '#v2/thread-pool?workers=3&tasks=10&cost=2&seed=7');
    await runToTheEnd();

    const native = await expected<Computed>('computed');
    const lines = (await consoleLines()).map(({ text }) => text);
    equal(
      [lines[0], lines.at(-1), lines.length],
      ['10 tasks, 3 workers', 'all 10 tasks done', 12],
      'first line, last line, number of lines',
    );
    const iterationsOf = Object.fromEntries(
      lines.slice(1, -1).map((line) => /^task (\d+) computed (\d+) iterations$/.exec(line)!.slice(1, 3) as [string, string]),
    );
    equal(iterationsOf, native.iterationsOf, 'iterations of each task');
    equal(results().iterations, native.iterations, 'iterations of all tasks');
    equal(Object.keys(results()).sort(), ['elapsed_ms', 'iterations', 'one_thread_ms', 'speed_up'], 'names of the results');
    const [pool, single, speedUp] = [results().elapsed_ms, results().one_thread_ms, results().speed_up].map(Number);
    within((speedUp! * pool!) / single!, 0.999, 1.001, 'speed-up');
    equal(checks(), {}, 'checks');

    await checkPool(3, 10);
    const drawn = await picture();
    equal({ ...drawn }, { ...native.picture, opaque: native.picture.width * native.picture.height }, 'the picture');
    equal(total(pictureLegend().map(({ tiles }) => tiles)), 10, 'tiles of all workers');
    equal(
      pictureLegend(),
      taskWorkers().map(({ name, tasks }) => ({ name, tiles: tasks })),
      'tiles and tasks of each worker',
    );
  }),

  scenario('thread pool that waits, by link', '#v1/thread-pool?workers=8&tasks=20&work=wait&cost=30&spread=0&compare=false', async () => {
    await untilLive();
    equal(form(), { workers: '8', tasks: '20', work: 'wait', cost: '30', spread: '0', compare: 'false', seed: '1' }, 'the form');
    await runToTheEnd(undefined, 'keys');
    const lines = (await consoleLines()).map(({ text }) => text);
    const waited = Array.from({ length: 20 }, (_, index) => `task ${index + 1} waited`);
    equal([lines[0], lines.at(-1)], ['20 tasks, 8 workers', 'all 20 tasks done'], 'first and last line');
    equal(lines.slice(1, -1).sort(), waited.sort(), 'lines of the tasks');
    equal(Object.keys(results()), ['elapsed_ms'], 'names of the results');
    // One of eight workers has done three of twenty tasks at least.
    holds(Number(results().elapsed_ms) > 89.9, `three waits of 30 ms take 90 ms, not ${results().elapsed_ms}`);
    await checkPool(8, 20);
    equal(hasPicture(), false, 'a picture is shown');
    equal(hasField('cost'), true, 'there is a field for the cost');
  }),
];
