import type { Moment } from '../../app/moment.ts';
import { Depth } from '../../folds/depth.ts';
import { Pipes } from '../../folds/pipes.ts';
import { startedCount, Tasks } from '../../folds/tasks.ts';
import type { Steps } from '../../folds/steps.ts';

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
  const pipes = moment.fold(Pipes).list.map(
    (pipe): Series => ({
      key: `pipe-${pipe.process}-${pipe.object}-${pipe.from}`,
      kind: 'pipe',
      process: pipe.process,
      object: pipe.object,
      steps: pipe.waiting,
      limit: 0,
      entered: pipe.sent,
      left: pipe.received,
      bytes: pipe.sentBytes,
      arrow: pipe.from === 0 ? ' →' : ' ←',
    }),
  );
  const executors = moment
    .fold(Tasks)
    .executors.filter((executor) => executor.taskCount > 0)
    .map(
      (executor): Series => ({
        key: `tasks-${executor.process}-${executor.object}`,
        kind: 'tasks',
        process: executor.process,
        object: executor.object,
        steps: executor.waiting,
        limit: 0,
        entered: executor.taskCount,
        left: startedCount(executor) + executor.cancelled,
      }),
    );
  return [...queues, ...pipes, ...executors];
}
