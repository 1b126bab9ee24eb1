// The floors of src/weft, as the README's table of the layout has them from the ground up: a file includes
// what is on its own floor and below, never what is above. Prints each include that goes up.
//   node tools/dev/layers.mjs [folder of the project]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const floors = ['platform', 'trace', 'runtime', 'threading', 'queue', 'futures', 'multiprocessing'];
// Files that are in none of these folders.
const files = {
  'version.h': 'platform',
  'errors.h': 'platform',
  'shared.h': 'threading',
  // Of a whole module each.
  'time.h': 'threading',
  'threading.h': 'threading',
  'queue.h': 'queue',
  'futures.h': 'futures',
  'multiprocessing.h': 'multiprocessing',
  'weft.h': 'multiprocessing',
};
// Folders for one kind of system, which only their own files may include.
const systems = ['platform/linux', 'platform/wasm'];

/** The floor of a path that begins in src/weft. */
const floorOf = (path) => files[path] ?? path.split('/')[0];

/** What is wrong with the includes in `text`, the file with the path `file`, which begins in src/weft. */
export function wrongIncludes(file, text) {
  const wrong = [];
  const own = floors.indexOf(floorOf(file));
  if (own === -1) return [`src/weft/${file}:1: is on no floor: give it one in tools/dev/layers.mjs`];
  const include = /^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]/;
  for (const [index, line] of text.split('\n').entries()) {
    const included = include.exec(line)?.[1];
    if (included === undefined) continue;
    const say = (rule) => wrong.push(`src/weft/${file}:${index + 1}: includes ${included}: ${rule}`);
    if (/^(demos|playground|cli)\//.test(included)) say('the library knows nothing of what is built on it');
    if (!included.startsWith('weft/')) continue;
    const path = included.slice('weft/'.length);
    const floor = floors.indexOf(floorOf(path));
    const system = systems.find((folder) => path.startsWith(`${folder}/`));
    if (floor === -1) say('that is on no floor');
    else if (floor > own) say(`${floors[own]} is below ${floors[floor]}`);
    else if (system && !file.startsWith(`${system}/`)) say(`only ${system} may include what is there`);
  }
  return wrong;
}

function main(root = '.') {
  const folder = join(root, 'src/weft');
  const sources = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(h|cpp)$/.test(path)).sort();
  const wrong = sources.flatMap((path) => wrongIncludes(path, readFileSync(join(folder, path), 'utf8')));
  if (wrong.length === 0) return;
  console.log(wrong.join('\n'));
  console.log(`From the ground up: ${floors.join(', ')}. A file includes from its own floor and from below.`);
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2]);
