import { countLoading, part } from '../../app/part.ts';
import { withSeldomStyle } from '../../app/styles.ts';

/** Painters that not every run needs: tasks and names of work. */
export const painters = part(() => import('./tasks_painter.ts'));

/** That of markers. */
export const marksPainter = part(() => import('./marks_painter.ts'));

/** Tables of the time in each state, of the run or of the measured range. */
export const totalsPart = part(() => import('./table.ts'));

/** What is drawn of queues, locks and the like, below the lanes. */
export const tracksPart = part(() => import('./tracks.ts'));

/** Heads and lifetimes of processes, for runs of several. */
export const processesPart = part(() => withSeldomStyle(import('./process_rows.ts')));

const loadInteraction = () => import('./interaction.ts');

/** What pointers and keys do. */
export const interactionPart = part(loadInteraction);

export async function interact(act: (script: Awaited<ReturnType<typeof loadInteraction>>) => void): Promise<void> {
  countLoading(1);
  try {
    act(await loadInteraction());
  } finally {
    countLoading(-1);
  }
}
