// node catalogue.mjs CORE OUT: asks a built core for the catalogue of demos and writes it to OUT.
import {writeFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const [core, out] = process.argv.slice(2);
const {default: createCore} = await import(pathToFileURL(core).href);
await createCore({
  arguments: ['catalogue'],
  print: (json) => writeFileSync(out, `${JSON.stringify(JSON.parse(json), null, 1)}\n`),
});
