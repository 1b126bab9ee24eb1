import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'image',
  place: ['left', 10],
  when: [Kind.image],
  load: async () => (await import('./image.ts')).mountImage,
};
