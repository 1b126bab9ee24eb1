/** The page's address: `#v1/<demo>?name=value&…`, with the parameters that differ from their defaults. */

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
  const match = /^v1\/([^?]*)(?:\?(.*))?$/s.exec(text);
  if (!match) {
    address.problem = text;
    return address;
  }
  const [, demo, query] = match;
  address.demo = decode(demo!);
  for (const pair of (query ?? '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === 'lang') {
      if (value === 'en' || value === 'zh') address.language = value;
    } else {
      address.values.set(name, value);
    }
  }
  return address;
}

export function formatAddress(demo: string, values: ReadonlyMap<string, string>, language?: Language | null): string {
  const pairs = [...values].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  if (language) pairs.push(`lang=${language}`);
  return `#v1/${encodeURIComponent(demo)}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
