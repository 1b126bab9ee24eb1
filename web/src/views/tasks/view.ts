import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'tasks',
  place: ['below', 70],
  tab: { en: 'Tasks', zh: '任务' },
  when: [Kind.task_submit],
  load: () => import('./tasks.ts'),
};
