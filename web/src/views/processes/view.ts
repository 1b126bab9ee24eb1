import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'processes',
  place: ['below', 60],
  tab: { en: 'Processes', zh: '进程' },
  lead: 3,
  when: [Kind.process_start],
  load: () => import('./processes.ts'),
};
