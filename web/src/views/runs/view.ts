import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'runs',
  place: ['below', 90],
  tab: { en: 'Compare', zh: '比较' },
  when: 'near',
  load: () => import('./runs.ts'),
};
