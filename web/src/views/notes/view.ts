import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'notes',
  place: ['right', 10],
  tab: { en: 'About', zh: '说明' },
  when: 'near',
  load: () => import('./notes.ts'),
  style: 'later',
};
