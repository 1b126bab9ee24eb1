// node write.mjs FORMAT WEB: makes the modules under WEB what the program FORMAT writes. A file that holds
// it already is left alone, so that nothing is built again for it.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const modules = {trace: 'src/trace/format.generated.ts', machine: 'src/machine/abi.generated.ts'};

const [program, web] = process.argv.slice(2);
for (const [which, path] of Object.entries(modules)) {
  const file = join(web, path);
  const text = String(execFileSync(process.execPath, [program, which]));
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
