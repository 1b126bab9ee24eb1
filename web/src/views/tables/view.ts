import type { LazyView } from '../../app/view.ts';
import { Kind } from '../../trace/kinds.ts';

export const view: LazyView = {
  id: 'tables',
  place: ['below', 30],
  tab: { en: 'Tables', zh: '表格' },
  lead: 4,
  when: [Kind.row],
  load: () => import('./tables.ts'),
};
