import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'tasks',
  place: ['right', 20],
  when: [Kind.task_submit],
  load: () => import('./tasks.ts'),
};
