import type { EagerView } from '../../app/view.ts';
import { mountHeader } from './header.ts';

export const view: EagerView = {
  id: 'header',
  mount: mountHeader,
};
