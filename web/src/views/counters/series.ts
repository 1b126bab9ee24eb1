import type { Moment } from '../../app/moment.ts';
import { part } from '../../app/part.ts';
import { Depth } from '../../folds/depth.ts';
import type { Steps } from '../../folds/steps.ts';
import { Kind } from '../../trace/kinds.ts';

/** A number over time: a queue's depth, the messages in a pipe, or the tasks that wait for a worker. */
export interface Series {
  key: string;
  kind: 'queue' | 'pipe' | 'tasks';
  process: number;
  object: number;
  steps: Steps;
  /** 0 = none. */
  limit: number;
  entered: number;
  left: number;
  /** Bytes that were sent through a pipe. */
  bytes?: number;
  /** Which way it goes through a pipe. */
  arrow?: string;
}

/** What not every run with a queue has. */
const pipesPart = part(() => import('./pipes.ts'));
const executorsPart = part(() => import('./executors.ts'));

export function seriesOf(moment: Moment): Series[] {
  const queues = moment
    .fold(Depth)
    .queues.filter((queue) => queue.depth.count > 0)
    .map(
      (queue): Series => ({
        key: `queue-${queue.process}-${queue.object}`,
        kind: 'queue',
        process: queue.process,
        object: queue.object,
        steps: queue.depth,
        limit: queue.maxsize,
        entered: queue.puts,
        left: queue.gets,
      }),
    );
  const { seen } = moment;
  const pipes = seen.has(Kind.pipe_send) || seen.has(Kind.pipe_receive) ? (pipesPart()?.pipesOf(moment) ?? []) : [];
  const executors = seen.has(Kind.task_submit) ? (executorsPart()?.executorsOf(moment) ?? []) : [];
  return [...queues, ...pipes, ...executors];
}
