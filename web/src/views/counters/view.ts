import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'counters',
  place: ['below', 80],
  tab: { en: 'Queues', zh: '队列' },
  when: [Kind.queue_put, Kind.queue_get, Kind.task_submit, Kind.pipe_send, Kind.pipe_receive],
  load: () => import('./counters.ts'),
  style: 'later',
};
