import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'deadlock',
  place: ['upper', 60],
  when: [Kind.deadlock],
  load: () => import('./deadlock.ts'),
};
