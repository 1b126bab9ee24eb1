import { ConsoleLines } from '../../../web/src/folds/console.ts';
import { Entities } from '../../../web/src/folds/entities.ts';
import type { Fold } from '../../../web/src/folds/fold.ts';
import { Gils } from '../../../web/src/folds/gil.ts';
import { Holding } from '../../../web/src/folds/holding.ts';
import { KindsSeen } from '../../../web/src/folds/kinds_seen.ts';
import { Lane, stateCount } from '../../../web/src/folds/lanes.ts';
import { Log } from '../../../web/src/folds/log.ts';
import { NumberedNames } from '../../../web/src/folds/numbered_names.ts';
import { Distribution } from '../../../web/src/folds/samples.ts';
import { Steps } from '../../../web/src/folds/steps.ts';
import { TaskNumbers } from '../../../web/src/folds/task_numbers.ts';
import { Tasks } from '../../../web/src/folds/tasks.ts';
import { ThreadObjects } from '../../../web/src/folds/thread_objects.ts';

/** What is said of who may write to what, not of the run. */
const hidden = new Set(['stamp', 'weight', 'taskPlaces']);

const upTo = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

function lane(of: Lane): unknown {
  const end = 1e15;
  const sums = new Float64Array(stateCount);
  of.addUp(of.start, end, end, 0, sums);
  return {
    process: of.process,
    thread: of.thread,
    parent: of.parent,
    end: of.end,
    ending: of.ending,
    unwindsFrom: of.unwindsFrom,
    sums: [...sums],
    spans: upTo(of.count, (index) => [of.starts.at(index), of.states.at(index), of.objects.at(index), of.wakes.at(index)]),
    tasks: upTo(of.taskCount, (index) => [of.taskStarts.at(index), of.taskEnd(index), of.taskFutures.at(index), of.taskFailed(index)]),
  };
}

function steps(of: Steps): unknown {
  const { least, most, last } = of.rangeIn(-1, Infinity);
  return {
    values: upTo(of.count, (index) => [of.times.at(index), of.values.at(index)]),
    range: [least, most, last],
    maximum: of.maximum,
    last: of.last,
  };
}

function consoleLines(of: ConsoleLines): unknown {
  return upTo(of.length, (index) => [
    of.times.at(index),
    of.processes.at(index),
    of.threads.at(index),
    of.records.at(index),
    of.errors.at(index),
    of.texts.at(index),
  ]);
}

/** All that can be read of a fold, as plain objects: what comes after its end in what it shares with others is none of it. */
export function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if (value instanceof Log || Array.isArray(value)) return [...value].map(plain);
  if (value instanceof Map) return [...value].map(([key, entry]) => [key, plain(entry)]);
  if (value instanceof Entities) return value.list.map(plain);
  if (value instanceof NumberedNames) return null; // numbers, which a fold and its forks share
  if (value instanceof Lane) return lane(value);
  if (value instanceof Steps) return steps(value);
  if (value instanceof Holding) return upTo(value.count, (index) => [value.times.at(index), value.holders.at(index)]);
  if (value instanceof ConsoleLines) return consoleLines(value);
  if (value instanceof KindsSeen) return upTo(256, (kind) => value.has(kind));
  if (value instanceof Tasks) {
    return value.executors.map((executor) => [own(executor), plain(value.firstTasks(executor)), plain(value.workersOf(executor))]);
  }
  if (value instanceof TaskNumbers) return upTo(2000, (future) => value.of(1, future));
  if (value instanceof ThreadObjects) return upTo(200, (object) => [value.of(1, object), value.of(2, object)]);
  if (value instanceof Gils) return value.list.map((gil) => [own(gil), plain(value.usersOf(gil))]);
  if (value instanceof Distribution)
    return { name: value.name, count: value.count, least: value.least, most: value.most, median: value.median, sorted: value.sorted() };
  return own(value);
}

/** Its fields, and what its getters give. */
function own(value: object): unknown {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value) as object))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => name)
    .filter((name) => name !== '__proto__');
  const names = [...Object.keys(value), ...getters].filter((name) => !hidden.has(name));
  return Object.fromEntries(names.map((name) => [name, plain((value as Record<string, unknown>)[name])]));
}

/** A fold that has taken these records, and nothing else. */
export function foldedFrom(kind: new () => Fold, records: Parameters<Fold['take']>[0], to: number): Fold {
  const fold = new kind();
  fold.take(records, 0, to);
  return fold;
}
