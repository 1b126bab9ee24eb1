import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'gil',
  place: ['below', 100],
  tab: { en: 'GIL', zh: 'GIL' },
  when: [Kind.gil_open],
  load: () => import('./gil.ts'),
};
