import type { EagerView } from '../../app/view.ts';
import { mount } from './timeline.ts';

export const view: EagerView = {
  id: 'timeline',
  place: ['picture', 10],
  mount,
};
