import type { Session } from '../../app/session.ts';
import { startedCount } from '../../folds/tasks.ts';
import type { Steps } from '../../folds/steps.ts';

/** One line of the counters: a queue's depth, or the tasks that wait for a worker. */
export interface Track {
  key: string;
  kind: 'queue' | 'tasks';
  process: number;
  object: number;
  steps: Steps;
  /** 0 = none. */
  limit: number;
  entered: number;
  left: number;
}

export function tracksOf(session: Session): Track[] {
  const { depth, tasks } = session.folds;
  const queues = depth.queues
    .filter((queue) => queue.depth.times.length > 0)
    .map((queue): Track => ({
      key: `queue-${queue.process}-${queue.object}`, kind: 'queue', process: queue.process, object: queue.object,
      steps: queue.depth, limit: queue.maxsize, entered: queue.puts, left: queue.gets,
    }));
  const executors = tasks.executors
    .filter((executor) => executor.tasks.length > 0)
    .map((executor): Track => ({
      key: `tasks-${executor.process}-${executor.object}`, kind: 'tasks', process: executor.process, object: executor.object,
      steps: executor.waiting, limit: 0, entered: executor.tasks.length, left: startedCount(executor) + executor.cancelled,
    }));
  return [...queues, ...executors];
}
