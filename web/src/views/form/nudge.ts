import type { NumberParameter } from '../../app/catalogue.ts';

/**
 * The value that an arrow key asks for: one step up or down, ten with Shift or Page keys. A step is 1 for whole
 * numbers and a tenth of the value's own power of ten for others. Null if the key asks for nothing.
 */
export function nudge(
  parameter: NumberParameter,
  value: number,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey || !Number.isFinite(value)) return null;
  const directions: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
  const direction = directions[event.key];
  if (direction === undefined) return null;
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(Math.abs(value), Math.abs(parameter.maximum) / 1000, 1e-6)));
  const step = parameter.type === 'integer' ? 1 : magnitude / 10;
  const next = value + direction * step * (event.shiftKey ? 10 : 1);
  const inside = Math.min(parameter.maximum, Math.max(parameter.minimum, next));
  return Number(inside.toPrecision(12));
}
