import type { EagerView } from '../../app/view.ts';
import { mountResults } from './results.ts';

export const view: EagerView = {
  id: 'results',
  place: ['left', 40],
  mount: mountResults,
};
