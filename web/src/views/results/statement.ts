import type { CheckDeclaration } from '../../app/catalogue.ts';
import { localised } from '../../app/i18n/index.ts';

/**
 * A check in plain words. Its label may name results and parameters in braces: `{consumed} of {items} items arrived
 * exactly once`.
 */
export function statement(name: string, declaration: CheckDeclaration | undefined, figures: (name: string) => string | null): string {
  const label = declaration ? localised(declaration.label) : '';
  return (label || name).replace(/\{(\w+)\}/g, (braced, figure: string) => figures(figure) ?? braced);
}
