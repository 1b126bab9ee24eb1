import { equal, holds, matches, within } from '../expect.ts';
import { runToTheEnd } from '../run.ts';
import { scenario } from '../scenario.ts';
import { chartLabels, checks, consoleLines, counters, form, lanes, lineCount, paintedLanes, results, untilLive } from '../sight.ts';
import type { Line } from '../sight.ts';
import { fillAll } from '../user.ts';
import { until } from '../wait.ts';

interface Setting {
  producers: number;
  consumers: number;
  capacity: number;
  items: number;
  ending: 'sentinel' | 'shutdown';
}

const count = (length: number) => Array.from({ length }, (_, index) => index);
const names = (name: string, length: number) => count(length).map((index) => `${name}-${index + 1}`);

/** The items that lines of this kind name, in the order of the lines. */
function itemsIn(lines: Line[], verb: 'produced' | 'consumed'): number[] {
  return lines.flatMap(({ text }) => {
    const match = new RegExp(`^${verb} (\\d+)$`).exec(text);
    return match ? [Number(match[1])] : [];
  });
}

const sorted = (items: number[]) => [...items].sort((a, b) => a - b);

/** Every item was printed once by the producer whose it is, in order, and once by a consumer. */
async function checkConsole({ producers, consumers, items }: Setting): Promise<void> {
  const lines = await consoleLines();
  equal(lines.length, 2 * items + 3, 'lines on the console');
  equal(lineCount(), lines.length, 'number of lines at the head of the console');
  equal(lines[0]!.text, `${items} items, ${producers} producers, ${consumers} consumers`, 'first line');
  equal(lines.at(-1)!.text, 'every item arrived exactly once', 'last line');
  equal(lines.filter(({ text }) => text === 'all items produced').length, 1, 'lines that tell the end of production');
  equal(
    lines.filter(({ isError }) => isError),
    [],
    'lines on the error stream',
  );
  equal(sorted(itemsIn(lines, 'produced')), count(items), 'items produced');
  equal(sorted(itemsIn(lines, 'consumed')), count(items), 'items consumed');
  for (const [index, name] of names('producer', producers).entries()) {
    const own = itemsIn(
      lines.filter(({ thread }) => thread === name),
      'produced',
    );
    equal(
      own,
      count(items).filter((item) => item % producers === index),
      `items of ${name}`,
    );
  }
  const consumerNames = names('consumer', consumers);
  for (const { text, thread } of lines) {
    if (text.startsWith('consumed')) holds(consumerNames.includes(thread), `${thread} is a consumer`);
  }
}

async function checkPictures({ producers, consumers, capacity, items, ending }: Setting): Promise<void> {
  const wanted = ['main', ...names('producer', producers), ...names('consumer', consumers)];
  equal(
    lanes()
      .map((name) => name.replace(/^MainThread$/, 'main'))
      .sort(),
    wanted.sort(),
    'lanes of the timeline',
  );
  equal((await paintedLanes()).includes(false), false, 'lanes with nothing in them');
  const moved = items + (ending === 'sentinel' ? consumers : 0);
  const [queue, ...others] = counters();
  equal(others, [], 'queues besides the one');
  equal(
    { name: queue!.name, put: queue!.put, taken: queue!.taken, now: queue!.now },
    { name: 'items', put: moved, taken: moved, now: 0 },
    'the queue',
  );
  within(queue!.most, 1, capacity || moved, 'most items in the queue');
  if (capacity > 0) equal(queue!.capacity, String(capacity), 'capacity shown');
  equal(chartLabels().length, 1, 'charts of queues');
  matches(chartLabels()[0]!.replaceAll(',', ''), new RegExp(`^items: .*${queue!.most}.*0$`), 'what the chart calls itself');
}

function checkResults({ items }: Setting): void {
  equal(checks(), { exactly_once: true }, 'checks');
  const found = results();
  equal(Object.keys(found).sort(), ['consumed', 'elapsed_ms', 'throughput'], 'names of the results');
  equal(found.consumed, String(items), 'items consumed');
  const [elapsed, throughput] = [Number(found.elapsed_ms), Number(found.throughput)];
  holds(elapsed > 0, 'time passed');
  within((throughput * elapsed) / 1000, items * 0.999, items * 1.001, 'throughput × time');
}

const filledIn: Setting = { producers: 3, consumers: 2, capacity: 4, items: 50, ending: 'sentinel' };
const linked: Setting = { producers: 1, consumers: 5, capacity: 1, items: 40, ending: 'shutdown' };
const unbounded: Setting = { producers: 4, consumers: 3, capacity: 0, items: 5000, ending: 'shutdown' };
const crowded: Setting = { producers: 16, consumers: 16, capacity: 1, items: 10_000, ending: 'sentinel' };

const addressOf = (setting: Setting, more: string) =>
  `#v1/producer-consumer?${Object.entries(setting)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}&${more}`;

export const producerConsumer = [
  scenario('producer-consumer with sentinels, filled in', '#v1/producer-consumer', async () => {
    await untilLive();
    await fillAll({ producers: 3, consumers: 2, capacity: 4, items: 50, produce_ms: 1, consume_ms: 2.5, spread: 30, seed: 5 });
    await until(
      'the address has the values',
      () => location.hash === '#v2/producer-consumer?producers=3&capacity=4&items=50&produce_ms=1&consume_ms=2.5&spread=30&seed=5',
    );
    await runToTheEnd();
    await checkConsole(filledIn);
    await checkPictures(filledIn);
    checkResults(filledIn);
  }),

  scenario('producer-consumer with shutdown, by link', addressOf(linked, 'produce_ms=0.5&consume_ms=3&spread=100&seed=99'), async () => {
    await untilLive();
    equal(
      form(),
      {
        producers: '1',
        consumers: '5',
        capacity: '1',
        items: '40',
        produce_ms: '0.5',
        consume_ms: '3',
        spread: '100',
        ending: 'shutdown',
        seed: '99',
      },
      'the form',
    );
    await runToTheEnd(undefined, 'keys');
    await checkConsole(linked);
    await checkPictures(linked);
    checkResults(linked);
  }),

  scenario('producer-consumer without a limit', addressOf(unbounded, 'produce_ms=0&consume_ms=0'), async () => {
    await untilLive();
    await runToTheEnd();
    equal(
      (await consoleLines()).map(({ text }) => text),
      ['5000 items, 4 producers, 3 consumers', 'all items produced', 'every item arrived exactly once'],
      'lines',
    );
    await checkPictures(unbounded);
    checkResults(unbounded);
  }),

  // Thirty-two threads at one place: a single wake-up that gets lost is a run that never ends.
  scenario('producer-consumer, a crowd at a queue for one', addressOf(crowded, 'produce_ms=0&consume_ms=0'), async () => {
    await untilLive();
    for (let round = 0; round < 3; round += 1) {
      await runToTheEnd();
      await checkPictures(crowded);
      checkResults(crowded);
    }
  }),
];
