import type { EagerView } from '../../app/view.ts';
import { mount } from './timeline.ts';

export const view: EagerView = {
  id: 'timeline',
  place: ['upper', 50],
  mount,
};
