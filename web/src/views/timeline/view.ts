import type { EagerView } from '../../app/view.ts';
import { mountTimeline } from './timeline.ts';

export const view: EagerView = {
  id: 'timeline',
  place: ['upper', 50],
  mount: mountTimeline,
};
