/** What the build writes about every demo: the one description that the form, the URL and the views follow. */

export type Language = 'en' | 'zh';
export type Text = Record<Language, string>;

interface ParameterBase {
  name: string;
  label: Text;
  help?: Text;
  /** The parameter means something only while the parameter `name` has the value `is`. */
  when?: { name: string; is: string | number | boolean };
}

export interface NumberParameter extends ParameterBase {
  type: 'integer' | 'real';
  default: number;
  minimum: number;
  maximum: number;
  unit?: Text;
  /** The number of threads that a run has side by side, or a part of it. */
  countsThreads?: true;
}

export interface Choice {
  value: string;
  label: Text;
}

export interface ChoiceParameter extends ParameterBase {
  type: 'choice';
  default: string;
  choices: Choice[];
}

export interface BooleanParameter extends ParameterBase {
  type: 'boolean';
  default: boolean;
}

export type Parameter = NumberParameter | ChoiceParameter | BooleanParameter;

export interface ResultDeclaration {
  name: string;
  label: Text;
  unit?: Text;
}

export interface CheckDeclaration {
  name: string;
  label: Text;
}

/** A distribution that the demo fills under this name. */
export type SampleDeclaration = ResultDeclaration;

export interface TableDeclaration {
  name: string;
  label: Text;
  /** A cell that is one of the values is shown by its label. */
  columns: { label: Text; unit?: Text; values?: Choice[] }[];
}

export interface Demo {
  id: string;
  /** For tests: reached by its address only. */
  hidden?: boolean;
  topic: string;
  title: Text;
  summary: Text;
  parameters: Parameter[];
  results: ResultDeclaration[];
  checks: CheckDeclaration[];
  samples?: SampleDeclaration[];
  tables?: TableDeclaration[];
}

export interface Catalogue {
  version: number;
  demos: Demo[];
}

/** Topics in the order in which they are taught; topics not named here come last. */
const topicOrder = [
  'basics',
  'threads',
  'races',
  'locks',
  'synchronization',
  'coordination',
  'deadlocks',
  'queues',
  'pools',
  'gil',
  'processes',
];

const rank = ({ topic }: Demo) => (topicOrder.indexOf(topic) + topicOrder.length + 1) % (topicOrder.length + 1);

/** What a topic begins with. */
const isFirst = ({ id }: Demo) => id.startsWith('hello-');

/** Demos to choose from, by topic, within a topic a first greeting before the others, else in the order of the catalogue. */
export function listed(demos: readonly Demo[]): Demo[] {
  return demos.filter((demo) => !demo.hidden).sort((a, b) => rank(a) - rank(b) || Number(isFirst(b)) - Number(isFirst(a)));
}

/** The demo that is shown when the address names none. */
export function defaultDemo(demos: readonly Demo[]): Demo | undefined {
  const all = listed(demos);
  return all.find(({ id }) => id === 'producer-consumer') ?? all[0];
}

/** Demos by topic, both in the order of the catalogue. */
export function byTopic(demos: readonly Demo[]): [topic: string, demos: Demo[]][] {
  const topics = new Map<string, Demo[]>();
  for (const demo of demos) {
    const group = topics.get(demo.topic);
    if (group) group.push(demo);
    else topics.set(demo.topic, [demo]);
  }
  return [...topics];
}
