import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'notes',
  place: ['lower', 10],
  when: 'near',
  load: () => import('./notes.ts'),
};
