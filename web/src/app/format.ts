/** Numbers and times for people. Times are in nanoseconds of the run's clock. */

import type { Language } from './catalogue.ts';

const locales: Record<Language, string> = { en: 'en', zh: 'zh-Hans-CN' };
const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locales[language], options);
    formatters.set(key, found);
  }
  return found;
}

export function formatInteger(value: number, language: Language): string {
  return formatter(language, { maximumFractionDigits: 0 }).format(value);
}

/** Three significant digits. */
export function formatNumber(value: number, language: Language): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return formatInteger(value, language);
  if (Math.abs(value) >= 1000) return formatInteger(value, language);
  return formatter(language, { maximumSignificantDigits: 3 }).format(value);
}

export function formatPercent(share: number, language: Language): string {
  if (!Number.isFinite(share)) return '–';
  return formatter(language, { style: 'percent', maximumFractionDigits: share < 0.0995 ? 1 : 0 }).format(share);
}

/** A size with three significant digits, in units of 1000 bytes as browsers state them. */
export function formatBytes(bytes: number, language: Language): string {
  if (!Number.isFinite(bytes)) return '–';
  const power = Math.max(0, Math.min(3, Math.floor(Math.log10(Math.max(1, bytes * 1.0005)) / 3)));
  return `${formatter(language, { maximumSignificantDigits: 3, useGrouping: false }).format(bytes / 1000 ** power)} ${['B', 'kB', 'MB', 'GB'][power]}`;
}

const units: [scale: number, name: string][] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** A duration with three significant digits: `1.25 ms`. Units are the same in every language. */
export function formatDuration(nanoseconds: number, language: Language): string {
  if (!Number.isFinite(nanoseconds)) return '–';
  if (nanoseconds === 0) return '0 s';
  const size = Math.abs(nanoseconds);
  const [scale, name] = units.find(([least]) => size >= least * 0.9995) ?? units[3]!;
  return `${formatter(language, { maximumSignificantDigits: 3, useGrouping: false }).format(nanoseconds / scale)} ${name}`;
}

/** A time of the run in milliseconds, with the decimals that the tick distance needs. */
export function formatMoment(nanoseconds: number, resolution: number): string {
  const decimals = resolution >= 1e6 ? 0 : resolution >= 1e5 ? 1 : resolution >= 1e4 ? 2 : 3;
  return `${(nanoseconds / 1e6).toFixed(decimals)} ms`;
}

export interface Ticks {
  /** Nanoseconds between two ticks, a 1, 2 or 5 with zeros. */
  step: number;
  times: number[];
}

/** Round times to label in [start, end], no closer together than `least` nanoseconds. */
export function ticksBetween(start: number, end: number, least: number): Ticks {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? 10 * power;
  const times: number[] = [];
  for (let index = Math.ceil(start / step); index * step <= end; index += 1) times.push(index * step);
  return { step, times };
}

export function formatTick(time: number, step: number): string {
  const [scale, name] = units.find(([least]) => step >= least || least === 1)!;
  if (time === 0) return '0';
  // Beyond a second, ticks are labelled in seconds with decimals.
  if (Math.abs(time) >= 1e9 && step >= 1e6) {
    const decimals = Math.max(0, Math.ceil(-Math.log10(step / 1e9) - 1e-9));
    return `${(time / 1e9).toFixed(decimals)} s`;
  }
  return `${Math.round((time / scale) * 1000) / 1000} ${name}`;
}

/** Where the distinguishing end of a name begins: its last numbers, or its last characters. */
export const endOfName = (name: string) => (/([-_ ]?\d+)+$/.exec(name) ?? /.{0,4}$/su.exec(name)!).index;

/** `ThreadPoolExecutor-0_3` is too long for the mark of a console line: `T0_3`. Short names stay as they are. */
export function shortName(name: string, limit = 10): string {
  if ([...name].length <= limit) return name;
  const initials = name.replace(/[-_ ]*(\p{L})[\p{L}\p{M}]*[-_ ]*/gu, (_, initial: string) => initial.toUpperCase());
  return /\d$/.test(name) && initials.length <= limit ? initials : `${[...name].slice(0, limit - 1).join('')}…`;
}

/** A time that was measured as none took less than the clock can tell. */
const lessThanTick = { en: '< clock tick', zh: '小于一个时钟刻度' };

/** A measured duration. */
export function formatMeasured(nanoseconds: number, language: Language): string {
  return nanoseconds === 0 ? lessThanTick[language] : formatDuration(nanoseconds, language);
}

/** A measured number that stands beside its unit, or without it where it is a time too short for the clock. */
export function formatWithUnit(value: number, unit: string, language: Language): { text: string; unit: string } {
  const isBelowTick = value === 0 && /^(µs|微秒|ns|纳秒)$/.test(unit);
  return isBelowTick ? { text: lessThanTick[language], unit: '' } : { text: formatNumber(value, language), unit };
}
