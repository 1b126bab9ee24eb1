import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Deadlocks } from '../../web/src/folds/deadlocks.ts';
import { Depth } from '../../web/src/folds/depth.ts';
import type { FoldKind } from '../../web/src/folds/folds.ts';
import { ConsoleLines } from '../../web/src/folds/console.ts';
import { Gates } from '../../web/src/folds/gates.ts';
import { Gils } from '../../web/src/folds/gil.ts';
import { Holders } from '../../web/src/folds/holders.ts';
import { Images } from '../../web/src/folds/images.ts';
import { KindsSeen } from '../../web/src/folds/kinds_seen.ts';
import { Lanes } from '../../web/src/folds/lanes.ts';
import { Marks } from '../../web/src/folds/marks.ts';
import { Pipes } from '../../web/src/folds/pipes.ts';
import { Processes } from '../../web/src/folds/processes.ts';
import { Progress } from '../../web/src/folds/progress.ts';
import { Rewindable } from '../../web/src/folds/rewindable.ts';
import { Rows } from '../../web/src/folds/rows.ts';
import { Samples } from '../../web/src/folds/samples.ts';
import { Summary } from '../../web/src/folds/summary.ts';
import { TaskNumbers } from '../../web/src/folds/task_numbers.ts';
import { Tasks } from '../../web/src/folds/tasks.ts';
import type { Trace } from '../../web/src/trace/columns.ts';
import { longRun } from '../web/support/long_run.ts';
import { pool } from '../web/support/demos.ts';

/** What is measured in Node and, as one script, in Chromium. */

const kinds: readonly FoldKind[] = [
  ConsoleLines,
  Deadlocks,
  Depth,
  Gates,
  Gils,
  Holders,
  Images,
  KindsSeen,
  Lanes,
  Marks,
  Pipes,
  Processes,
  Progress,
  Rows,
  Samples,
  Summary,
  TaskNumbers,
  Tasks,
];

/** Records a frame of a run at full speed. */
const perFrame = 3300;
const rounds = 6;

export interface Figures {
  records: number;
  /** ns a record, checkpoints included, by fold, in the fastest of some rounds. */
  folding: Record<string, number>;
  foldingTotal: number;
  /** Bytes a record that checkpoints take of the heap. */
  checkpointBytes: number;
  /** ms for all folds, by seek. */
  seeks: number[];
  /** ms until a fold that is asked for late has taken all, and the longest that the page stood still meanwhile. */
  late: { kind: string; all: number; longest: number }[];
}

function fold(trace: Trace, rewindables: Rewindable<InstanceType<FoldKind>>[]): number[] {
  return rewindables.map((rewindable) => {
    const from = performance.now();
    while (rewindable.taken < trace.length) rewindable.advance(trace, Math.min(trace.length, rewindable.taken + perFrame));
    return performance.now() - from;
  });
}

const heap = (): number => {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('the measurement needs --expose-gc');
  gc();
  gc();
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  return memory ? memory.usedJSHeapSize : process.memoryUsage().heapUsed;
};

/** What checkpoints keep alive: as much as becomes free without them. */
function checkpointBytes(trace: Trace): number {
  const rewindables = kinds.map((kind) => new Rewindable(kind));
  fold(trace, rewindables);
  const withThem = heap();
  for (const rewindable of rewindables) rewindable.forget();
  const without = heap();
  return (withThem - without) / trace.length;
}

export async function measure(records: number, seekCount: number): Promise<Figures> {
  const trace = longRun(records);
  // The first rounds warm the compiler up; of all, the fastest counts: the others had the processor for part of the time.
  const all = Array.from({ length: rounds }, () =>
    fold(
      trace,
      kinds.map((kind) => new Rewindable(kind)),
    ),
  );
  const costs = kinds.map((_, place) => (Math.min(...all.map((costs) => costs[place]!)) * 1e6) / records);
  const folding = Object.fromEntries(kinds.map((kind, place) => [kind.name, costs[place]!]));
  const bytes = checkpointBytes(trace);

  const run = new OpenRun(pool, 'opened', trace, { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
  await run.complete();
  const late: Figures['late'] = [];
  const onDemand: FoldKind[] = [Tasks, Gils, Holders, Depth, Gates, Pipes, Samples, Rows, Images, Deadlocks];
  for (const kind of onDemand) {
    const began = performance.now();
    run.at().fold(kind);
    let longest = performance.now() - began;
    while (run.behind.value) {
      const from = performance.now();
      run.advance();
      longest = Math.max(longest, performance.now() - from);
    }
    late.push({ kind: kind.name, all: performance.now() - began, longest });
  }
  let state = 7;
  const seeks: number[] = [];
  for (let count = 0; count < seekCount; count += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const cursor = Math.floor((state / 2 ** 32) * records);
    const from = performance.now();
    const moment = run.at(cursor);
    for (const kind of kinds) moment.fold(kind);
    moment.objectName(1, 3);
    seeks.push(performance.now() - from);
    if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return { records, folding, foldingTotal: costs.reduce((sum, cost) => sum + cost, 0), checkpointBytes: bytes, seeks, late };
}
