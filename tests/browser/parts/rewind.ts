import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from '../../../web/node_modules/esbuild/lib/main.js';
import { collectViews, withViews } from '../../../web/tools/collect_views.mjs';
import { Chromium, watchPage } from '../browsers/chromium.ts';
import type { Page } from '../browsers/chromium.ts';
import { equal, holds } from '../drive/expect.ts';
import { test } from '../kit/part.ts';
import type { Part } from '../kit/part.ts';
import type * as Views from '../rewind/views.ts';

declare global {
  /** In the page: see rewind/views.ts. */
  var weftViews: typeof Views;
}

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

async function bundle(entry: string, globalName?: string): Promise<string> {
  const result = await build({
    entryPoints: [file(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [collectViews],
    ...(globalName === undefined ? {} : { globalName }),
    define: {
      ...Object.fromEntries(['ENGINE', 'EXPORT', 'HOST', 'PULSE', 'CORE', 'WASM', 'CATALOGUE'].map((name) => [`__${name}__`, '""'])),
      // The page has all styles already.
      ...Object.fromEntries(['LATER_STYLE', 'SELDOM_STYLE'].map((name) => [`__${name}__`, '"data:text/css,"'])),
    },
  });
  return result.outputFiles[0]!.text;
}

/** The page's own HTML and styles with all views in one script. */
async function openViews(page: Page): Promise<void> {
  const html = withViews(await readFile(file('../../web/index.html'), 'utf8'));
  await page.setContent(html.replace(/<head>.*<\/head>/s, '<head></head>'));
  for (const style of ['app', 'later', 'seldom']) await page.addStyleTag({ content: await bundle(`../../web/src/styles/${style}.css`) });
  await page.addScriptTag({ content: `${await bundle('rewind/views.ts', 'weftViews')}\nglobalThis.weftViews = weftViews;` });
}

const always = ['console'];

/** The views as of any record, in Chromium. */
export const rewind: Part = async (context) => {
  let chromium: Chromium | undefined;
  await test(
    context,
    'chromium: at a moment of a run the views show what they show of a run that has got no further',
    240_000,
    async () => {
      chromium = await Chromium.start();
      const page = await chromium.context.newPage();
      await page.setViewportSize({ width: 1200, height: 900 });
      const faults = watchPage(page);
      await openViews(page);
      const count = await page.evaluate(() => weftViews.open(5, 3000));
      const before = await page.evaluate(() => weftViews.end());
      const seen = new Set<string>();
      let whole: Views.Look['whole'] | null = null;
      const wholes = await page.evaluate(() => weftViews.wholes);
      for (const index of [0, 1, 40, 400, 1500, 2999, 700, 2200, count - 1]) {
        const { rewound, prefix } = await page.evaluate((cursor) => weftViews.compare(cursor), index);
        whole ??= rewound.whole;
        equal(rewound.whole, whole, `the whole run after ${index} records`);
        for (const [id, text] of Object.entries(prefix.text)) {
          if (wholes.includes(id)) continue;
          equal(rewound.text[id], text, `${id} after ${index} records`);
          equal(rewound.canvases[id], prefix.canvases[id], `canvases of ${id} after ${index} records`);
          if (text !== 'hidden') seen.add(id);
          if (index === 1500) holds(text !== before.text[id] || always.includes(id) === false, `${id} differs from the end of the run`);
        }
      }
      equal([...seen, ...wholes].sort(), Object.keys(before.text).sort(), 'views that had something to show');
      equal(await page.evaluate(() => weftViews.end()), before, 'the end, after all that');
      equal(faults, [], 'what went wrong in the page');
    },
    async () => chromium?.close(),
  );
};
