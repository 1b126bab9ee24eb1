// The views of the page: each folder of web/src/views with a view.ts is one. An esbuild plugin that provides
//   weft:views         the views themselves, by the name of their folders
//   weft:first-styles  the style.css of the views in the first script
//   weft:later-styles  that of the others that most runs show
//   weft:seldom-styles that of the rest
// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {import('esbuild').Plugin} Plugin */

const folder = path.join(import.meta.dirname, '..', 'src', 'views');

const ids = () =>
  readdirSync(folder)
    .filter((id) => existsSync(path.join(folder, id, 'view.ts')))
    .sort();

/** @param {string} id */
const declarationOf = (id) => readFileSync(path.join(folder, id, 'view.ts'), 'utf8');

/** A view that loads its script with `import()`. @param {string} id */
const isLazy = (id) => declarationOf(id).includes(' import(');

/** Only the build needs the place. */
const place = /^ {2}place: \['(\w+)', (\d+)\],\n/m;

/** The declaration of a view as it goes into the first script. @param {string} source */
export const withoutPlace = (source) => source.replace(place, '');

/**
 * The page with the elements of the views in their regions. That of a view that waits for records, or for what the reader does, is
 * hidden until then.
 * @param {string} html
 */
export function withViews(html) {
  const placed = ids()
    .flatMap((id) => {
      const [, region, order] = place.exec(declarationOf(id)) ?? [];
      const attributes = /when: (\[|\(\))/.test(declarationOf(id)) ? ' hidden' : '';
      return region ? [{ region, order: Number(order), element: `<div id="${id}"${attributes}></div>` }] : [];
    })
    .sort((a, b) => a.order - b.order);
  return html.replace(/<!-- views: (\w+) -->/g, (_, wanted) =>
    placed
      .filter(({ region }) => region === wanted)
      .map(({ element }) => element)
      .join(wanted === 'left' || wanted === 'right' ? '' : '\n'),
  );
}

/** The style sheet that the view's own is part of. @param {string} id */
const sheetOf = (id) => (!isLazy(id) ? 'first' : declarationOf(id).includes("style: 'later'") ? 'later' : 'seldom');

/** @param {'first' | 'later' | 'seldom'} sheet */
const styles = (sheet) =>
  ids()
    .filter((id) => sheetOf(id) === sheet && existsSync(path.join(folder, id, 'style.css')))
    .map((id) => `@import "./${id}/style.css";\n`)
    .join('');

/** @type {Record<string, () => { contents: string, loader: 'js' | 'css' }>} */
const modules = {
  'weft:views': () => ({
    contents: `${ids()
      .map((id, place) => `import { view as view${place} } from './${id}/view.ts';\n`)
      .join('')}
      export const views = [${ids().map((_, place) => `view${place}`)}];`,
    loader: 'js',
  }),
  'weft:first-styles': () => ({ contents: styles('first'), loader: 'css' }),
  'weft:later-styles': () => ({ contents: styles('later'), loader: 'css' }),
  'weft:seldom-styles': () => ({ contents: styles('seldom'), loader: 'css' }),
};

/** @type {Plugin} */
export const collectViews = {
  name: 'collect views',
  setup(build) {
    build.onResolve({ filter: /^weft:/ }, ({ path: name }) => ({ path: name, namespace: 'weft' }));
    build.onLoad({ filter: /^weft:/, namespace: 'weft' }, ({ path: name }) => ({ ...modules[name](), resolveDir: folder }));
  },
};
