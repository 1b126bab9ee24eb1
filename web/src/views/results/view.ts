import type { EagerView } from '../../app/view.ts';
import { mount } from './results.ts';

export const view: EagerView = {
  id: 'results',
  place: ['left', 40],
  mount,
};
