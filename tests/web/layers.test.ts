import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { collectViews, withoutPlace, withViews } from '../../web/tools/collect_views.mjs';

const source = fileURLToPath(new URL('../../web/src/', import.meta.url));

/** What the files of each folder may import of other folders, beside their own. */
const allowed: Record<string, string[]> = {
  trace: [],
  folds: ['trace'],
  machine: ['trace'],
  sw: [],
  isolation: ['sw'],
  app: ['trace', 'folds', 'machine', 'isolation'],
  views: ['trace', 'folds', 'app'],
  workspace: ['trace', 'app', 'views'],
};

/** The modules of `app` that views stand on: those directly in it, and the choice of language. */
const isPublic = (module: string) => /^app\/[^/]+\.ts$|^app\/i18n\/(index|plural)\.ts$/.test(module);

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Every import of a file of the page by another. */
const imports = files.flatMap((file) =>
  [...readFileSync(path.join(source, file), 'utf8').matchAll(/(?:\bfrom |\bimport ?\(|\bimport )'(\.[^']*)'/g)].map(([, name]) => ({
    file,
    module: path.join(path.dirname(file), name!),
  })),
);

const folderOf = (file: string) => file.split(path.sep)[0]!;
const viewOf = (file: string) => file.split(path.sep)[1]!;

function complaints(isFault: (file: string, module: string) => boolean): string[] {
  return imports.filter(({ file, module }) => isFault(file, module)).map(({ file, module }) => `${file} imports ${module}`);
}

test('folders import only from folders below them', () => {
  assert.ok(imports.length > 500, `${imports.length} imports`);
  assert.deepEqual([...new Set(files.map(folderOf))].sort(), Object.keys(allowed).sort());
  assert.deepEqual(
    complaints((file, module) => {
      const [from, to] = [folderOf(file), folderOf(module)];
      return from !== to && !allowed[from]!.includes(to);
    }),
    [],
  );
});

test('a view imports no other view', () => {
  const isSibling = (file: string, module: string) => viewOf(module) !== viewOf(file) && viewOf(module) !== 'kit';
  assert.deepEqual(
    complaints((file, module) => folderOf(file) === 'views' && folderOf(module) === 'views' && isSibling(file, module)),
    [],
  );
});

test('a view imports no internals of app', () => {
  assert.deepEqual(
    complaints((file, module) => folderOf(file) === 'views' && folderOf(module) === 'app' && !isPublic(module)),
    [],
  );
});

const ids = readdirSync(path.join(source, 'views'))
  .filter((id) => id !== 'kit')
  .sort();
const page = readFileSync(path.join(source, '..', 'index.html'), 'utf8');

test('each folder of a view declares it, under the name of the folder', () => {
  for (const id of ids) {
    const file = path.join(source, 'views', id, 'view.ts');
    assert.ok(existsSync(file), `${id} has a view.ts`);
    const text = readFileSync(file, 'utf8');
    assert.match(text, new RegExp(`^  id: '${id}',$`, 'm'), id);
    assert.equal(/: LazyView =/.test(text), text.includes(' import('), `${id} is lazy, or loads nothing`);
  }
});

test('the build puts each view’s element where it belongs, and only there', () => {
  const built = withViews(page);
  assert.doesNotMatch(built, /<!--/);
  for (const id of ids) {
    const text = readFileSync(path.join(source, 'views', id, 'view.ts'), 'utf8');
    assert.equal(text.includes('place:'), withoutPlace(text) !== text, `the place of ${id} is one that the build reads`);
    assert.ok(built.split(`id="${id}"`).length <= 2, `one element of ${id}`);
    if (text.includes('place:')) assert.match(built, new RegExp(`<div id="${id}"`));
    else if (id !== 'announcer') assert.match(page, new RegExp(`id="${id}"`));
  }
  const order = [...built.matchAll(/<div id="(\w+)"/g)].map(([, id]) => id);
  assert.ok(order.indexOf('runbar') < order.indexOf('timeline') && order.indexOf('timeline') < order.indexOf('console'), order.join());
});

test('the build collects views and their styles', async () => {
  const { build } = await import('../../web/node_modules/esbuild/lib/main.js');
  const list = async (name: string) => {
    const result = await build({
      stdin: {
        contents: name === 'weft:views' ? `export * from '${name}'` : `@import '${name}';`,
        loader: name === 'weft:views' ? 'js' : 'css',
      },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      logLevel: 'silent',
      plugins: [collectViews],
    });
    return Object.keys(result.metafile.inputs).map((input) => path.relative('web/src/views', input));
  };
  const modules = await list('weft:views');
  const sheets = await Promise.all(['first', 'later', 'seldom'].map((sheet) => list(`weft:${sheet}-styles`)));
  for (const id of ids) {
    const folder = path.join(source, 'views', id);
    assert.ok(
      modules.some((input) => input.endsWith(path.join(id, 'view.ts'))),
      id,
    );
    const declaration = readFileSync(path.join(folder, 'view.ts'), 'utf8');
    const sheet = !declaration.includes(' import(') ? 0 : declaration.includes("style: 'later'") ? 1 : 2;
    const styles = sheets.map((inputs) => inputs.some((input) => input.endsWith(path.join(id, 'style.css'))));
    const hasStyle = existsSync(path.join(folder, 'style.css'));
    assert.deepEqual(
      styles,
      sheets.map((_, place) => hasStyle && place === sheet),
      `style of ${id}`,
    );
  }
});
