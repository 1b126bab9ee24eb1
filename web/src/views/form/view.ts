import type { EagerView } from '../../app/view.ts';
import { mount } from './form.ts';

export const view: EagerView = {
  id: 'form',
  place: ['upper', 30],
  mount,
};
