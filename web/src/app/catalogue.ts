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
}

export interface ChoiceParameter extends ParameterBase {
  type: 'choice';
  default: string;
  choices: { value: string; label: Text }[];
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

export interface Demo {
  id: string;
  /** A tool of tests: reached by its address only. */
  hidden?: boolean;
  topic: string;
  title: Text;
  summary: Text;
  parameters: Parameter[];
  results: ResultDeclaration[];
  checks: CheckDeclaration[];
}

export interface Catalogue {
  version: number;
  demos: Demo[];
}

/** Demos to choose from, in the order of the catalogue. */
export function listed(demos: readonly Demo[]): Demo[] {
  return demos.filter((demo) => !demo.hidden);
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
