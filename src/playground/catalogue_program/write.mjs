// node write.mjs CATALOGUE OUT: what the program CATALOGUE writes to standard output, laid out, in the file OUT.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';

const [program, out] = process.argv.slice(2);
const json = execFileSync(process.execPath, [program], {maxBuffer: 2 ** 26});
writeFileSync(out, `${JSON.stringify(JSON.parse(String(json)), null, 1)}\n`);
