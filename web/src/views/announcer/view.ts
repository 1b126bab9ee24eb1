import { phase, refusal } from '../../app/state.ts';
import type { LazyView } from '../../app/view.ts';

export const view: LazyView = {
  id: 'announcer',
  when: () => phase.value !== 'idle' || refusal.value !== null,
  load: () => import('./announcer.ts'),
  style: 'none',
};
