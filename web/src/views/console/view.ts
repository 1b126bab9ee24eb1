import type { EagerView } from '../../app/view.ts';
import { mount } from './console.ts';

export const view: EagerView = {
  id: 'console',
  place: ['right', 30],
  mount,
};
