import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'samples',
  place: ['left', 20],
  when: [Kind.sample],
  load: () => import('./samples.ts'),
};
