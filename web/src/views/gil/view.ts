import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'gil',
  place: ['right', 10],
  when: [Kind.gil_open],
  load: () => import('./gil.ts'),
};
