import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'image',
  place: ['below', 40],
  tab: { en: 'Image', zh: '图像' },
  lead: 2,
  when: [Kind.image],
  load: () => import('./image.ts'),
};
