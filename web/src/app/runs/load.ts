declare const __ENGINE__: string;
declare const __EXPORT__: string;

const parts = { engine: `./${__ENGINE__}`, export: `./${__EXPORT__}` };

/** The engine: isolation, the machine and the trace reader, in a script that is loaded after the first screen. */
export const loadEngine = (): Promise<typeof import('./engine.ts')> => import(parts.engine);
export const loadExport = (): Promise<typeof import('./exports.ts')> => import(parts.export);
