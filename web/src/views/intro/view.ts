import type { EagerView } from '../../app/view.ts';
import { mount } from './intro.ts';

export const view: EagerView = {
  id: 'intro',
  place: ['upper', 20],
  mount,
};
