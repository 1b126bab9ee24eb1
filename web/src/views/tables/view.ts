import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'tables',
  place: ['left', 30],
  when: [Kind.row],
  load: () => import('./tables.ts'),
};
