// node write.mjs CATALOGUE OUT: writes the output of CATALOGUE, a program, to the file OUT,
// indented.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';

const [program, out] = process.argv.slice(2);
const json = execFileSync(process.execPath, [program], {maxBuffer: 2 ** 26});
writeFileSync(out, `${JSON.stringify(JSON.parse(String(json)), null, 1)}\n`);
