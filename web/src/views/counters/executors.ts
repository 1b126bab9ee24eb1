import type { Moment } from '../../app/moment.ts';
import { startedCount, Tasks } from '../../folds/tasks.ts';
import type { Series } from './series.ts';

/** The tasks that wait for a worker of each executor. */
export function executorsOf(moment: Moment): Series[] {
  return moment
    .fold(Tasks)
    .executors.filter((executor) => executor.taskCount > 0)
    .map((executor) => ({
      key: `tasks-${executor.process}-${executor.object}`,
      kind: 'tasks',
      process: executor.process,
      object: executor.object,
      steps: executor.waiting,
      limit: 0,
      entered: executor.taskCount,
      left: startedCount(executor) + executor.cancelled,
    }));
}
