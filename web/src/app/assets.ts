import type { Demo, Language } from './catalogue.ts';

/*
 * Where the build put what the page loads later; paths are relative to the page.
 */

declare const __HOST__: string;
declare const __PULSE__: string;
declare const __CORE__: string;
declare const __WASM__: string;
declare const __CATALOGUE__: string;

export const assets = {
  host: __HOST__,
  pulse: __PULSE__,
  core: __CORE__,
  wasm: __WASM__,
  catalogue: __CATALOGUE__,
};

/** A hidden demo has neither a recorded run nor texts. */
export function recordedRun({ id }: Demo): string {
  return `runs/${id}.weft`;
}

export function aboutText({ id }: Demo, language: Language): string {
  return `about/${id}.${language}.html`;
}

export function codeText({ id }: Demo, program: 'cpp' | 'python'): string {
  return `code/${id}.${program}.html`;
}
