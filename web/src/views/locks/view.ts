import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'locks',
  place: ['below', 90],
  tab: { en: 'Locks', zh: '锁' },
  when: [Kind.lock_acquire, Kind.read_acquire, Kind.write_acquire, Kind.semaphore_open, Kind.barrier_open],
  load: () => import('./locks.ts'),
};
