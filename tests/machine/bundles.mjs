// The machine for pages of tests and benchmarks, that is for browsers: routes of a server.
import { fileURLToPath } from 'node:url';
import { build } from '../../web/node_modules/esbuild/lib/main.js';

async function bundle(source) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    charset: 'utf8',
  });
  return result.outputFiles[0].text;
}

/**
 * Of a page's script, built from the TypeScript file `source`, and of the scripts of the machine's
 * workers: `host.js` and `pulse.js` beside it.
 */
export async function machineRoutes(folder, name, source) {
  const machine = '../../web/src/machine';
  const sources = { [name]: source, 'host.js': `${machine}/host.ts`, 'pulse.js': `${machine}/pulse.ts` };
  const routes = {};
  for (const [file, from] of Object.entries(sources)) {
    const text = await bundle(from);
    routes[`${folder}/${file}`] = (_, response) => {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(text);
    };
  }
  return routes;
}
