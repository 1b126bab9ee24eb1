import type { EagerView } from '../../app/view.ts';
import { findDemo, mount } from './demos.ts';

export const view: EagerView = {
  id: 'demos',
  mount,
  commands: { demos: findDemo },
};
