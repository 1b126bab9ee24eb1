// node write.mjs FORMAT WEB: writes the output of the program FORMAT to the modules under WEB. An
// up-to-date file is not touched, so that nothing is rebuilt.
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
