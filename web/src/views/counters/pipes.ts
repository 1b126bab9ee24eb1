import type { Moment } from '../../app/moment.ts';
import { Pipes } from '../../folds/pipes.ts';
import type { Series } from './series.ts';

export function pipesOf(moment: Moment): Series[] {
  return moment.fold(Pipes).list.map((pipe) => ({
    key: `pipe-${pipe.process}-${pipe.object}-${pipe.from}`,
    kind: 'pipe',
    process: pipe.process,
    object: pipe.object,
    steps: pipe.waiting,
    limit: 0,
    entered: pipe.sent,
    left: pipe.received,
    bytes: pipe.sentBytes,
    arrow: pipe.from === 0 ? ' →' : ' ←',
  }));
}
