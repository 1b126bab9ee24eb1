import { focus, noFocus } from '../../app/state.ts';
import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'moment',
  place: ['below', 15],
  tab: { en: 'Moment', zh: '时刻' },
  when: () => focus.value !== noFocus,
  load: () => import('./moment.ts'),
};
