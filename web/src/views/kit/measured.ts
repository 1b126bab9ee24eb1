import { formatDuration, formatNumber } from '../../app/format.ts';
import { inLanguage, language } from '../../app/i18n/index.ts';

/** A time that was measured as none took less than the clock can tell. */
const lessThanTick = { en: '< clock tick', zh: '小于一个时钟刻度' };

/** A measured duration. */
export function measured(nanoseconds: number): string {
  return nanoseconds === 0 ? inLanguage(lessThanTick) : formatDuration(nanoseconds, language.value);
}

/** Whether a measured number of this unit is a time too short for the clock. */
const isBelowTick = (value: number, unit: string) => value === 0 && /^(µs|微秒|ns|纳秒)$/.test(unit);

/** A measured number that stands beside its unit, or without it where the clock could not tell it. */
export function withUnit(value: number, unit: string): { text: string; unit: string } {
  return isBelowTick(value, unit) ? { text: inLanguage(lessThanTick), unit: '' } : { text: formatNumber(value, language.value), unit };
}
