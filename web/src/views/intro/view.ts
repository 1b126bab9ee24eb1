import type { EagerView } from '../../app/view.ts';
import { mountIntro } from './intro.ts';

export const view: EagerView = {
  id: 'intro',
  place: ['upper', 20],
  mount: mountIntro,
};
