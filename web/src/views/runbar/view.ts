import type { EagerView } from '../../app/view.ts';
import { mount } from './runbar.ts';

export const view: EagerView = {
  id: 'runbar',
  place: ['strip', 10],
  mount,
};
