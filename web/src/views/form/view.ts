import type { EagerView } from '../../app/view.ts';
import { mount } from './form.ts';

export const view: EagerView = {
  id: 'form',
  place: ['left', 10],
  mount,
};
