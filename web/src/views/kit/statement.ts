import type { CheckDeclaration } from '../../app/catalogue.ts';
import { formatNumber } from '../../app/format.ts';
import { language, localised } from '../../app/i18n/index.ts';
import type { Moment } from '../../app/moment.ts';

/**
 * A check in plain words. Its label may name results and parameters in braces: `{consumed} of {items} items arrived
 * exactly once`.
 */
export function statement(name: string, declaration: CheckDeclaration | undefined, figures: (name: string) => string | null): string {
  const label = declaration ? localised(declaration.label) : '';
  return (label || name).replace(/\{(\w+)\}/g, (braced, figure: string) => figures(figure) ?? braced);
}

/** A result as people read it; texts stay as they are. */
export function figure(value: string): string {
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? formatNumber(number, language.value) : value;
}

/** What a check of the run states. */
export function statementOf({ demo, summary }: Moment, check: string): string {
  const figures = (name: string) => {
    const value = summary.results.get(name) ?? summary.parameters.get(name);
    return value === undefined ? null : figure(value);
  };
  return statement(
    check,
    demo.checks.find(({ name }) => name === check),
    figures,
  );
}
