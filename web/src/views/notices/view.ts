import { mode, notices } from '../../app/state.ts';
import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'notices',
  place: ['notices', 10],
  when: () => notices.value.length > 0 || mode.value.kind === 'recorded',
  load: () => import('./notices.ts'),
};
