import type { EagerView } from '../../app/view.ts';
import { mount } from './results.ts';

export const view: EagerView = {
  id: 'results',
  place: ['left', 20],
  tab: { en: 'Results', zh: '结果' },
  mount,
};
