import { part } from '../../app/part.ts';

/** What draws that which not every run has: tasks, which it names as well, the names of work, and marks. */
export const painters = part(() => import('./tasks_painter.ts'));

/** What tells how the time was spent, of the run and of a stretch that is measured. */
export const totalsPart = part(() => import('./table.ts'));

/** What the timeline shows of processes: loaded, with their own view, when there are several. */
export const processesPart = part(() => import('../processes/processes.ts'));
