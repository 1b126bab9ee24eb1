import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'image',
  place: ['left', 10],
  when: [Kind.image],
  load: () => import('./image.ts'),
};
