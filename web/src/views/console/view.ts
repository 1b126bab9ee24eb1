import type { EagerView } from '../../app/view.ts';
import { mount } from './console.ts';

export const view: EagerView = {
  id: 'console',
  place: ['below', 10],
  tab: { en: 'Console', zh: '控制台' },
  lead: 9,
  mount,
};
