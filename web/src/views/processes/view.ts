import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'processes',
  place: ['upper', 70],
  when: [Kind.process_start],
  load: () => import('./processes.ts'),
};
