/**
 * The page's address: `#v2/<demo>?name=value&…&.name=value&…`, with the parameters that differ from their defaults. A name
 * that begins with a dot is none of a parameter: it says how the run is looked at (`link.ts`), and in which language.
 */

import type { Language } from './catalogue.ts';

export interface Address {
  /** Empty when the address names no demo. */
  demo: string;
  /** Texts as given, unknown names included: they are not interpreted here. */
  values: Map<string, string>;
  /** How the run is looked at; names without their dots. */
  look: Map<string, string>;
  language: Language | null;
  /** The unreadable part; null if there is none. */
  problem: string | null;
}

const version = 2;

/** What makes of the values of each older version, from the first on, those of the next one. */
const upgrades: ((query: string) => string)[] = [
  // Without a version: what somebody typed who knows the name of a demo.
  (query) => query,
  // 1: the language was named as a parameter is.
  (query) => query.replace(/(^|&)(?=lang=)/g, '$1.'),
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text; // a lone % is shown as it is rather than losing the value
  }
}

/** Half of a pair of code units is no text. */
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));

export function parseAddress(hash: string): Address {
  const address: Address = { demo: '', values: new Map(), look: new Map(), language: null, problem: null };
  const text = hash.replace(/^#/, '');
  if (text === '') return address;
  const match = /^(?:v([1-9]\d*)\/|(?!v\d+$)(?=[a-z][\w-]*(?:\?|$)))([^?]*)(?:\?(.*))?$/is.exec(text);
  const from = Number(match?.[1] ?? 0);
  if (!match || from > version) {
    address.problem = text;
    return address;
  }
  address.demo = decode(match[2]!);
  const query = upgrades.slice(from).reduce((old, upgrade) => upgrade(old), match[3] ?? '');
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (!pair.startsWith('.')) address.values.set(name, value);
    else if (name !== '.lang') address.look.set(name.slice(1), value);
    else if (value === 'en' || value === 'zh') address.language = value;
  }
  return address;
}

export function formatAddress(demo: string, values: ReadonlyMap<string, string>, look: ReadonlyMap<string, string> = new Map()): string {
  const pairs = [
    // A parameter's name may begin with a dot if that is written as a code.
    ...[...values].map(([name, value]) => `${encode(name).replace(/^\./, '%2E')}=${encode(value)}`),
    ...[...look].map(([name, value]) => `.${name}=${encode(value)}`),
  ];
  return `#v${version}/${encode(demo)}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
