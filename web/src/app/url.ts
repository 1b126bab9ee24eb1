/**
 * The page's address: `#v2/<demo>?name=value&…`, with the parameters that differ from their defaults. A name that begins with
 * a dot is none of a parameter: it says how the run is looked at (`link.ts`), and in which language.
 */

import type { Language } from './catalogue.ts';

export interface Address {
  /** Empty when the address names no demo. */
  demo: string;
  /** Texts as given, unknown names included: they are not interpreted here. */
  values: Map<string, string>;
  language: Language | null;
  /** The unreadable part; null if there is none. */
  problem: string | null;
}

/** What makes of the pairs of each older version, from 1 on, those of the next one. */
const upgrades: ((query: string) => string)[] = [
  // 1 named the language as it did a parameter.
  (query) => query.replace(/(^|&)(?=lang=)/g, '$1.'),
];

const version = upgrades.length + 1;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text; // a lone % is shown as it is rather than losing the value
  }
}

export function parseAddress(hash: string): Address {
  const address: Address = { demo: '', values: new Map(), language: null, problem: null };
  const text = hash.replace(/^#/, '');
  if (text === '') return address;
  // Without a version it is what somebody typed who knows the name of a demo.
  const match = /^(?:v([1-9]\d*)\/|(?!v\d+$)(?=[a-z][\w-]*(?:\?|$)))([^?]*)\??(.*)$/is.exec(text);
  const from = Number(match?.[1] ?? 1);
  if (!match || from > version) {
    address.problem = text;
    return address;
  }
  address.demo = decode(match[2]!);
  for (const pair of upgrades
    .slice(from - 1)
    .reduce((query, upgrade) => upgrade(query), match[3]!)
    .split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === '.lang') {
      if (value === 'en' || value === 'zh') address.language = value;
    } else {
      address.values.set(name, value);
    }
  }
  return address;
}

/** Half of a pair of code units is no text. */
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));

export function formatAddress(demo: string, values: ReadonlyMap<string, string>): string {
  const pairs = [...values].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return `#v${version}/${encode(demo)}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
