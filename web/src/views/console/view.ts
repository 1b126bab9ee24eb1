import type { EagerView } from '../../app/view.ts';
import { mountConsole } from './console.ts';

export const view: EagerView = {
  id: 'console',
  place: ['right', 30],
  mount: mountConsole,
};
