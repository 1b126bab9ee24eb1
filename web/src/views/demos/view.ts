import type { EagerView } from '../../app/view.ts';
import { findDemo, mountDemos } from './demos.ts';

export const view: EagerView = {
  id: 'demos',
  mount: mountDemos,
  commands: { demos: findDemo },
};
