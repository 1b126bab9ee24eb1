import type { Demo, Language } from './catalogue.ts';

/*
 * Where the build put what the page loads later; paths are relative to the page.
 */

declare const __ENGINE__: string;
declare const __EXPORT__: string;
declare const __HOST__: string;
declare const __PULSE__: string;
declare const __CORE__: string;
declare const __WASM__: string;
declare const __CATALOGUE__: string;
declare const __LATER_STYLE__: string;

const parts = { engine: `./${__ENGINE__}`, export: `./${__EXPORT__}` };

/** The engine: isolation, the machine and the trace reader, in a script that is loaded after the first screen. */
export const loadEngine = (): Promise<typeof import('./engine.ts')> => import(parts.engine);
export const loadExport = (): Promise<typeof import('./exports.ts')> => import(parts.export);

export const assets = { host: __HOST__, pulse: __PULSE__, core: __CORE__, wasm: __WASM__, catalogue: __CATALOGUE__, laterStyle: __LATER_STYLE__ };

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
