import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OpenRun } from '../../web/src/app/runs/open_run.ts';
import { Trace } from '../../web/src/trace/columns.ts';
import { pool } from './support/demos.ts';

const views = fileURLToPath(new URL('../../web/src/views/', import.meta.url));
const folds = readdirSync(fileURLToPath(new URL('../../web/src/folds/', import.meta.url)));

const sources = readdirSync(views, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, source: readFileSync(path.join(views, name), 'utf8') }));

/** Names a file imports from a module whose path ends so, types left out. */
function imported(source: string, module: string): string[] {
  const statements = source.matchAll(/^import \{([^}]*)\} from '([^']*)';$/gm);
  return [...statements]
    .filter(([, , from]) => from!.endsWith(module))
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()));
}

test('views read a run through its moment only', () => {
  assert.ok(sources.length > 60, `${sources.length} files`);
  const readers = sources.filter(({ source }) => imported(source, 'app/state.ts').some((name) => name === 'moment' || name === 'whole'));
  assert.ok(readers.length >= 20, `${readers.length} files take a moment from the state`);
  const complaints: string[] = [];
  for (const { name, source } of sources) {
    const complain = (what: string) => complaints.push(`${name}: ${what}`);
    if (imported(source, 'app/state.ts').includes('openRun')) complain('imports the open run');
    if (/from '[^']*\/open_run\.ts'/.test(source)) complain('imports the class of the open run');
    if (/\.(folds|trace)\b/.test(source)) complain('reaches for the folds or the trace');
    if (imported(source, 'trace/columns.ts').length > 0 || imported(source, 'folds/folds.ts').length > 0)
      complain('makes a trace or folds');
    for (const file of folds) {
      for (const kind of imported(source, `folds/${file}`).filter((each) => /^[A-Z]/.test(each))) {
        // The kind of a fold is what a moment is asked for, and nothing else.
        const uses = source.match(new RegExp(`\\b${kind}\\b`, 'g'))!.length - 1;
        const asked = source.match(new RegExp(`\\.fold\\(${kind}\\)`, 'g'))?.length ?? 0;
        if (uses !== asked) complain(`uses ${kind} otherwise than to ask a moment for it`);
      }
    }
  }
  assert.deepEqual(complaints, []);
});

test('an open run is seen through moments only', () => {
  const run = new OpenRun(pool, 'live', new Trace(), { version: 1, demo: pool.id, parameters: {}, date: '', machine: '' });
  const names = [...Object.keys(run), ...Object.getOwnPropertyNames(OpenRun.prototype)];
  assert.deepEqual(names.sort(), [
    'advance',
    'at',
    'behind',
    'complete',
    'constructor',
    'cursor',
    'demo',
    'elapse',
    'end',
    'header',
    'shown',
    'source',
    'trace',
  ]);
});
