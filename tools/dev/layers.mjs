// The floors of src/weft, as the README's table of the layout has them from the ground up: a file includes
// what is on its own floor and below, never what is above. What lies in a folder `internal` only the module
// itself may include, and the modules above that `friends` names; nobody who uses the library, nor the whole
// of ipc. Prints each include that breaks one of these rules.
//   node tools/dev/layers.mjs [folder of the project]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const floors = ['platform', 'trace', 'runtime', 'ipc', 'threading', 'queue', 'futures', 'multiprocessing'];
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
// Which modules above include what is internal to one. All of them stand on the inside of runtime.
const friends = {
  trace: ['runtime'],
  runtime: ['ipc', 'threading', 'queue', 'futures', 'multiprocessing'],
  ipc: ['multiprocessing'],
  threading: [],
  queue: [],
  futures: ['multiprocessing'],
  multiprocessing: [],
};
// Those who use the library, and what they include of its inside all the same.
const users = ['examples', 'src/cli', 'src/demos', 'src/playground', 'tests/consumer'];
const exceptions = {
  // They open a process's session themselves, as freeze_support() and a session do for others.
  'src/cli/collected.cpp': ['ipc/self.h'], // names the file of a child's records by its number
  'src/playground/run.cpp': [
    'multiprocessing/internal/child_process.h', // ends the run's processes before the session closes
    'multiprocessing/internal/memory_record.h', // the page shows each process's memory at its end
  ],
};

/** The floor of a path that begins in src/weft. */
const floorOf = (path) => files[path] ?? path.split('/')[0];

/** The module to which the path that begins in src/weft is internal, if it is. */
const insideOf = (path) => /^ipc\/|^([^/]+)\/internal\//.exec(path)?.[0].split('/')[0];

/** Each include in `text`: the number of its line, and what it includes. */
function includesOf(text) {
  const include = /^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]/;
  return text.split('\n').map((line, index) => ({ number: index + 1, included: include.exec(line)?.[1] }))
    .filter(({ included }) => included !== undefined);
}

/** What is wrong with the includes in `text`, the file with the path `file`, which begins in src/weft. */
export function wrongIncludes(file, text) {
  const wrong = [];
  const own = floors.indexOf(floorOf(file));
  if (own === -1) return [`src/weft/${file}:1: is on no floor: give it one in tools/dev/layers.mjs`];
  for (const { number, included } of includesOf(text)) {
    const say = (rule) => wrong.push(`src/weft/${file}:${number}: includes ${included}: ${rule}`);
    if (/^(demos|playground|cli)\//.test(included)) say('the library knows nothing of what is built on it');
    if (!included.startsWith('weft/')) continue;
    const path = included.slice('weft/'.length);
    const floor = floors.indexOf(floorOf(path));
    const system = systems.find((folder) => path.startsWith(`${folder}/`));
    const inside = insideOf(path);
    if (floor === -1) say('that is on no floor');
    else if (floor > own) say(`${floors[own]} is below ${floors[floor]}`);
    else if (system && !file.startsWith(`${system}/`)) say(`only ${system} may include what is there`);
    else if (inside && inside !== floors[own] && !friends[inside].includes(floors[own])) {
      say(`that is internal to ${inside}`);
    }
  }
  return wrong;
}

/** The same for a file outside of src/weft that uses the library; `file` begins in the project. */
export function wrongIncludesOfUser(file, text) {
  return includesOf(text).flatMap(({ number, included }) => {
    const path = included.startsWith('weft/') ? included.slice('weft/'.length) : '';
    const inside = insideOf(path);
    if (!inside || exceptions[file]?.includes(path)) return [];
    return [`${file}:${number}: includes ${included}: that is internal to ${inside}`];
  });
}

/** The C++ files in a folder of the project, by their paths in it. */
function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true }).map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(h|cpp)$/.test(path)).sort();
}

function main(root = '.') {
  const check = (folder, wrongOf) => sourcesIn(join(root, folder))
    .flatMap((path) => wrongOf(path, readFileSync(join(root, folder, path), 'utf8')));
  const wrong = [
    ...check('src/weft', wrongIncludes),
    ...users.filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) => check(folder, (path, text) => wrongIncludesOfUser(`${folder}/${path}`, text))),
  ];
  if (wrong.length === 0) return;
  console.log(wrong.join('\n'));
  console.log(`From the ground up: ${floors.join(', ')}. A file includes from its own floor and from below, and what is internal to another module only as tools/dev/layers.mjs says.`);
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2]);
