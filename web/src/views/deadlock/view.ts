import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'deadlock',
  place: ['below', 20],
  tab: { en: 'Deadlock', zh: '死锁' },
  lead: 1,
  when: [Kind.deadlock],
  load: () => import('./deadlock.ts'),
};
