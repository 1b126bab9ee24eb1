import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'samples',
  place: ['below', 50],
  tab: { en: 'Distribution', zh: '分布' },
  lead: 5,
  when: [Kind.sample],
  load: () => import('./samples.ts'),
};
