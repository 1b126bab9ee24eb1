import { fileURLToPath } from 'node:url';
import { build } from '../../../web/node_modules/esbuild/lib/main.js';

const source = (name: string) => fileURLToPath(new URL(`../drive/${name}.ts`, import.meta.url));

async function bundle(name: string, format: 'iife' | 'esm', globalName?: string): Promise<string> {
  const result = await build({
    entryPoints: [source(name)],
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    logLevel: 'warning',
    charset: 'utf8',
    ...(globalName === undefined ? {} : { globalName }),
  });
  return result.outputFiles[0]!.text;
}

interface Scripts {
  /** Watches the page from the first script on. */
  watch: string;
  /** Does the scenario that the address names. */
  drive: string;
  /** Defines `weftTest`, for tests that Node drives. */
  tools: string;
}

let scripts: Promise<Scripts> | undefined;

/** What is put into the page. */
export function driveScripts(): Promise<Scripts> {
  scripts ??= Promise.all([bundle('watch', 'iife'), bundle('main', 'esm'), bundle('tools', 'iife', 'weftTest')]).then(
    ([watch, drive, tools]) => ({ watch, drive, tools: `${tools}\nglobalThis.weftTest = weftTest;` }),
  );
  return scripts;
}
