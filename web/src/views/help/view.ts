import { helpOpen } from '../../app/state.ts';
import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'help',
  when: () => helpOpen.value,
  load: () => import('./help.ts'),
};
