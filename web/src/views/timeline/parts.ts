import { part } from '../../app/part.ts';

/** Painters that not every run needs: tasks, names of work, and markers. */
export const painters = part(() => import('./tasks_painter.ts'));

/** Tables of the time in each state, of the run or of the measured range. */
export const totalsPart = part(() => import('./table.ts'));

/** Heads and lifetimes of processes, for runs of several. */
export const processesPart = part(() => import('./process_rows.ts'));
