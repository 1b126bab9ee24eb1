import type { Catalogue, Demo, Parameter } from '../../../web/src/app/catalogue.ts';

const both = (text: string) => ({ en: text, zh: text });

export function demoWith(id: string, parameters: Parameter[], more: Partial<Demo> = {}): Demo {
  return { id, topic: 'pools', title: both(id), summary: both(''), parameters, results: [], checks: [], ...more };
}

export const workers: Parameter = { name: 'workers', type: 'integer', default: 4, minimum: 1, maximum: 32, label: both('Workers') };
export const work: Parameter = {
  name: 'work',
  type: 'choice',
  default: 'compute',
  label: both('Work'),
  choices: [
    { value: 'compute', label: both('Compute') },
    { value: 'wait', label: both('Wait') },
  ],
};
export const cost: Parameter = {
  name: 'cost',
  type: 'real',
  default: 20,
  minimum: 0,
  maximum: 1000,
  label: both('Cost'),
  when: { name: 'work', is: 'compute' },
};
export const compare: Parameter = { name: 'compare', type: 'boolean', default: true, label: both('Compare') };

export const pool = demoWith('thread-pool', [workers, work, cost, compare]);
export const queue = demoWith('producer-consumer', [workers]);
export const tool = demoWith('flood', [workers], { hidden: true });
export const catalogueOfThree: Catalogue = { version: 1, demos: [tool, queue, pool] };
