import type { EagerView } from '../../app/view.ts';
import { mount } from './header.ts';

export const view: EagerView = {
  id: 'header',
  mount,
};
